// The native intake: CloudEvents 1.0.2 (structured, batch and binary mode), for servers and core
// systems.
//
// `type` is the event's name, `time` when it happened, (source, id) its message id. Whose it is
// stands in data.identities ({"user_id":"u-1"}), in data.user_id, data.anonymous_id or
// data.device_id, or in `subject` ("u-1" or "phone:138…"). Properties are data.properties, or else
// the other members of data. Types that begin with $ are operations: $profile_set,
// $profile_set_once, $profile_increment, $profile_append, $profile_unset, $profile_delete, $bind,
// $unbind, $alias, $consent, $item_set, $item_delete.
#pragma once

#include "collect/batch.hpp"

namespace qiao::collect {

// One event, or a list of them. Errors: collect.bad_json, collect.too_deep, collect.too_large.
Result<Batch> parse_cloudevents(std::string& body, const Envelope& envelope);

// Binary mode: the ce-* headers (names without "ce-", values percent-encoded) and the data as body.
Result<Batch> parse_binary_cloudevent(
    const std::vector<std::pair<std::string, std::string>>& attributes,
    std::string_view content_type, std::string_view body, const Envelope& envelope);

}  // namespace qiao::collect
