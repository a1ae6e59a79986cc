// Segment's HTTP tracking API (segmentio/segment-docs, "HTTP API Source"), also as RudderStack's
// SDKs and our own web/sdk speak it.
#pragma once

#include <memory>

#include "collect/batch.hpp"

namespace qiao::collect {

enum class SegmentCall : std::uint8_t { batch, track, identify, page, screen, group, alias };

// "batch", "b", "import", "track", "t", …: the last segment of the path.
std::optional<SegmentCall> segment_call_of(std::string_view path_segment);

// The key of an Authorization header: Basic with the key as user name (with or without colon), or
// Bearer. Empty where there is none.
std::string write_key_of_authorization(std::string_view header);

// The body of one request, parsed once for its key and for its records. Works until the same thread
// parses another.
class SegmentBody {
public:
    explicit SegmentBody(std::string& body);
    ~SegmentBody();
    SegmentBody(const SegmentBody&) = delete;
    SegmentBody& operator=(const SegmentBody&) = delete;

    // Top-level "writeKey", or that of the first record. Empty where there is none, or no JSON.
    std::string write_key() const;
    // An error refuses the whole body: collect.bad_json, collect.too_deep, segment.no_batch,
    // collect.too_large. Anything else concerns one record, which goes to `rejected`.
    Result<Batch> read(SegmentCall call, const Envelope& envelope) const;

private:
    struct Parsed;
    std::size_t size_;
    std::unique_ptr<Parsed> parsed_;
};

// The records of a body, as SegmentBody::read.
Result<Batch> parse_segment(std::string& body, SegmentCall call, const Envelope& envelope);

// One record of the quarantine with what it shared with its batch.
Result<Batch> parse_segment_again(const std::string& record, const std::string& shared,
                                  const Envelope& envelope);

// The settings document that SDKs fetch at start: GET /v1/projects/{key}/settings.
// `api_host` is host and port as the SDK reached us, `protocol` "http" or "https".
std::string segment_settings(std::string_view write_key, std::string_view api_host,
                             std::string_view protocol);

}  // namespace qiao::collect
