// /api/v1/channels: the ways out to customers, with their health; and a customer's inbox.
#pragma once

#include "access/audit.hpp"
#include "api/endpoint.hpp"
#include "base/id.hpp"

namespace qiao::channel {
class Channels;
class Inbox;
}  // namespace qiao::channel
namespace qiao::engage {
class Dispatcher;
class Receipts;
}  // namespace qiao::engage

namespace qiao::api {

// The profiles whose messages a customer sees (itself and those merged into it); an error where the
// customer is unknown or outside the viewer's data scope.
using InboxOwners =
    std::function<Result<std::vector<ProfileId>>(const access::Principal&, std::string_view id)>;

struct ChannelParts {
    channel::Channels& channels;
    channel::Inbox& inbox;
    engage::Dispatcher& dispatcher;
    engage::Receipts& receipts;
    access::AuditLog& audit;
    InboxOwners inbox_owners;
};

// All must outlive the endpoints.
void add_channels(Endpoints& endpoints, const ChannelParts& parts);

}  // namespace qiao::api
