#include "api/collection.hpp"

#include <boost/json.hpp>

#include "api/endpoint.hpp"
#include "collect/cloudevents.hpp"
#include "collect/encoding.hpp"
#include "collect/intake.hpp"
#include "collect/posthog.hpp"
#include "collect/segment.hpp"
#include "collect/sensors.hpp"

namespace qiao::api {

namespace {

namespace json = boost::json;
using collect::Batch;
using collect::Protocol;

// Base64 and form escapes make Sensors bodies longer than what they hold.
const http::RouteOptions batch_options{collect::max_batch_bytes, "collect.max_batch"};
const http::RouteOptions form_options{collect::max_batch_bytes * 2, "collect.max_batch"};

// One pixel, for image requests.
constexpr char pixel[] =
    "GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,"
    "\0\0\0\0\x01\0\x01\0\0\x02\x02"
    "D\x01\0;";

struct Doors {
    collect::Intake& intake;
    const collect::KeyRing& keys;
    const Clock& clock;

    collect::Envelope envelope(collect::Source source, const http::Request& request) const {
        return {std::move(source), clock.now(), request.remote};
    }
};

Error no_key() {
    return {ErrorCode::unauthenticated,
            "collect.write_key",
            "no active write key was shown; make one under settings and give it to the SDK",
            {},
            0};
}

std::string counts(const collect::Taken& taken) {
    return R"({"success":true,"accepted":)" + std::to_string(taken.accepted) + R"(,"repeated":)" +
           std::to_string(taken.repeated) + R"(,"quarantined":)" +
           std::to_string(taken.quarantined) + "}";
}

// The key of the header or the address; empty where neither holds one.
std::string shown_key(const http::Request& request) {
    if (auto key = collect::write_key_of_authorization(request.header("authorization"));
        !key.empty())
        return key;
    if (auto key = request.header("x-write-key"); !key.empty())
        return std::string(key);
    for (const auto* name : {"writeKey", "write_key"})
        if (auto key = request.query_value(name); !key.empty())
            return std::string(key);
    return {};
}

void take(const Doors& doors, Result<Batch> batch, Protocol protocol,
          const collect::Envelope& envelope, std::string request_id, http::Reply reply) {
    if (!batch)
        return reply(problem(batch.error(), request_id));
    doors.intake.take(std::move(*batch), protocol, envelope,
                      [request_id = std::move(request_id),
                       reply = std::move(reply)](Result<collect::Taken> taken) {
                          reply(taken ? http::Response::json(200, counts(*taken))
                                      : problem(taken.error(), request_id));
                      });
}

// --- Segment ---

void serve_segment(const Doors& doors, collect::SegmentCall call, http::Request request,
                   http::Reply reply) {
    // A Bearer token may be an OAuth token of the SDK: then the key is in the body.
    auto source = doors.keys.find(shown_key(request));
    const collect::SegmentBody body(request.body);
    if (!source)
        source = doors.keys.find(body.write_key());
    if (!source)
        return reply(problem(no_key(), request.request_id));
    const auto envelope = doors.envelope(std::move(*source), request);
    auto batch = body.read(call, envelope);
    take(doors, std::move(batch), Protocol::segment, envelope, request.request_id,
         std::move(reply));
}

http::Response serve_segment_settings(const Doors& doors, const http::Request& request) {
    const auto key = request.path_param("key");
    if (!doors.keys.find(key))
        return problem(no_key(), request.request_id);
    const auto protocol = request.header("x-forwarded-proto");
    return http::Response::json(200,
                                collect::segment_settings(key, request.header("host"),
                                                          protocol.empty() ? "http" : protocol));
}

void add_segment(http::Router& router, const Doors& doors) {
    for (const auto* name : {"batch", "b", "import", "track", "t", "identify", "i", "page", "p",
                             "screen", "s", "group", "g", "alias", "a"}) {
        const auto call = *collect::segment_call_of(name);
        router.on_late(
            "POST", "/v1/" + std::string(name),
            [doors, call](http::Request request, http::Reply reply) {
                serve_segment(doors, call, std::move(request), std::move(reply));
            },
            batch_options);
    }
    router.on("GET", "/v1/projects/{key}/settings", [doors](const http::Request& request) {
        return serve_segment_settings(doors, request);
    });
}

// --- Native ---

Result<Batch> parse_native(http::Request& request, const collect::Envelope& envelope) {
    std::vector<std::pair<std::string, std::string>> attributes;
    for (const auto& [name, value] : request.headers)
        if (name.starts_with("ce-"))
            attributes.emplace_back(name.substr(3), value);
    const auto type = request.header("content-type");
    if (attributes.empty() || type.starts_with("application/cloudevents"))
        return collect::parse_cloudevents(request.body, envelope);
    return collect::parse_binary_cloudevent(attributes, type, request.body, envelope);
}

void serve_native(const Doors& doors, http::Request request, http::Reply reply) {
    auto source = doors.keys.find(shown_key(request));
    if (!source)
        return reply(problem(no_key(), request.request_id));
    const auto envelope = doors.envelope(std::move(*source), request);
    auto batch = parse_native(request, envelope);
    take(doors, std::move(batch), Protocol::native, envelope, request.request_id, std::move(reply));
}

// --- Sensors ---

collect::Fields sensors_fields(const http::Request& request) {
    auto fields = request.query;
    for (auto& field : collect::parse_form(request.body))
        fields.push_back(std::move(field));
    return fields;
}

// A mobile SDK deletes its queue at any answer but 2xx, 403, 404 and 5xx: what it may send again
// after someone has mended the settings must not be answered with another status.
http::Response sensors_problem(Error error, const http::Request& request) {
    if (error.code == ErrorCode::unauthenticated)
        error.code = ErrorCode::forbidden;
    return problem(error, request.request_id);
}

std::optional<collect::Source> sensors_source(const Doors& doors,
                                              collect::SensorsPayload& payload) {
    if (auto source = doors.keys.find(payload.token))
        return source;
    if (!payload.token.empty())
        return std::nullopt;
    if (auto source = doors.keys.find(collect::sensors_token(payload.json)))
        return source;
    if (auto source = doors.keys.find(payload.project))
        return source;
    return payload.project.empty() ? std::nullopt : doors.keys.find_by_name(payload.project);
}

http::Response sensors_answer(const http::Request& request) {
    if (request.method == "POST")
        return http::Response::text(200, "");
    http::Response image;
    image.headers = {{"Content-Type", "image/gif"}, {"Cache-Control", "no-store"}};
    image.body.assign(pixel, sizeof pixel - 1);
    return image;
}

struct SensorsRequest {
    collect::Envelope envelope;
    collect::SensorsPayload payload;
};

Result<SensorsRequest> read_sensors(const Doors& doors, const http::Request& request) {
    auto payload = collect::read_sensors_fields(sensors_fields(request));
    if (!payload)
        return fail(payload.error());
    auto source = sensors_source(doors, *payload);
    if (!source)
        return fail(no_key());
    return SensorsRequest{doors.envelope(std::move(*source), request), std::move(*payload)};
}

void serve_sensors(const Doors& doors, http::Request request, http::Reply reply) {
    auto read = read_sensors(doors, request);
    if (!read)
        return reply(sensors_problem(read.error(), request));
    auto batch = collect::parse_sensors(std::move(read->payload), read->envelope);
    if (!batch)
        return reply(sensors_problem(batch.error(), request));
    doors.intake.take(
        std::move(*batch), Protocol::sensors, read->envelope,
        [request = std::move(request), reply = std::move(reply)](Result<collect::Taken> taken) {
            reply(taken ? sensors_answer(request) : sensors_problem(taken.error(), request));
        });
}

http::Response sensors_verdict(const std::vector<collect::Rejected>& rejected) {
    if (rejected.empty())
        return http::Response::text(200, "");
    json::array items;
    for (const auto& record : rejected)
        items.push_back(
            {{"code", record.reason}, {"detail", record.detail}, {"pointer", record.pointer}});
    return http::Response::json(400, json::serialize(json::value{{"errors", std::move(items)}}));
}

// For developers: says at once what is wrong with a record. With Dry-Run nothing is kept.
void serve_sensors_debug(const Doors& doors, http::Request request, http::Reply reply) {
    auto read = read_sensors(doors, request);
    if (!read)
        return reply(sensors_problem(read.error(), request));
    auto batch = collect::parse_sensors(std::move(read->payload), read->envelope);
    if (!batch)
        return reply(sensors_problem(batch.error(), request));
    if (batch->records > 1)
        return reply(sensors_problem({ErrorCode::invalid,
                                      "sensors.debug_batch",
                                      "the debug address takes one record per request",
                                      {},
                                      0},
                                     request));
    const bool is_dry = request.header("dry-run") == "true";
    auto rejected = doors.intake.judge(*batch, Protocol::sensors);
    if (is_dry || !rejected.empty())
        return reply(sensors_verdict(rejected));
    doors.intake.take(
        std::move(*batch), Protocol::sensors, read->envelope,
        [request = std::move(request), reply = std::move(reply)](Result<collect::Taken> taken) {
            reply(taken ? sensors_answer(request) : sensors_problem(taken.error(), request));
        });
}

void add_sensors(http::Router& router, const Doors& doors) {
    for (const auto* path : {"/sa", "/sa.gif"})
        for (const auto* method : {"GET", "POST"})
            router.on_late(
                method, path,
                [doors](http::Request request, http::Reply reply) {
                    serve_sensors(doors, std::move(request), std::move(reply));
                },
                form_options);
    for (const auto* method : {"GET", "POST"})
        router.on_late(
            method, "/debug",
            [doors](http::Request request, http::Reply reply) {
                serve_sensors_debug(doors, std::move(request), std::move(reply));
            },
            form_options);
    router.on("GET", "/config/{file}", [](const http::Request&) {
        return http::Response::json(200, collect::sensors_config());
    });
}

// --- PostHog ---

void serve_posthog(const Doors& doors, http::Request request, http::Reply reply) {
    auto source = doors.keys.find(collect::posthog_key(request.body));
    if (!source)
        source = doors.keys.find(shown_key(request));
    if (!source)
        return reply(problem(no_key(), request.request_id));
    const auto envelope = doors.envelope(std::move(*source), request);
    auto batch = collect::parse_posthog(request.body, envelope);
    take(doors, std::move(batch), Protocol::posthog, envelope, request.request_id,
         std::move(reply));
}

void add_posthog(http::Router& router, const Doors& doors) {
    for (const auto* path : {"/batch", "/batch/", "/capture", "/capture/", "/i/v0/e", "/i/v0/e/"})
        router.on_late(
            "POST", path,
            [doors](http::Request request, http::Reply reply) {
                serve_posthog(doors, std::move(request), std::move(reply));
            },
            batch_options);
}

}  // namespace

void add_collection(http::Router& router, collect::Intake& intake, const collect::KeyRing& keys,
                    const Clock& clock) {
    const Doors doors{intake, keys, clock};
    add_segment(router, doors);
    router.on_late(
        "POST", "/v1/events",
        [doors](http::Request request, http::Reply reply) {
            serve_native(doors, std::move(request), std::move(reply));
        },
        batch_options);
    add_sensors(router, doors);
    add_posthog(router, doors);
}

}  // namespace qiao::api
