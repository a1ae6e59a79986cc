// Sensors Analytics' intake: manual.sensorsdata.cn, "tech_knowledge_layout" (record format) and
// "tech_super_access" (transport); sa-sdk-{node,java,android,javascript} as seen on the wire.
#pragma once

#include "collect/batch.hpp"

namespace qiao::collect {

using Fields = std::vector<std::pair<std::string, std::string>>;

// The JSON text in a request's fields (query and form body together): data or data_list, base64,
// with or without gzip, whatever `gzip` says. Errors: sensors.no_data, sensors.bad_encoding,
// collect.too_large.
struct SensorsPayload {
    std::string json;
    bool is_crc_good = true;     // true where none was sent
    bool is_encrypted = false;   // gzip=9: only the holder of the private key can read it
    std::string project, token;  // of the address; empty where not given
};
Result<SensorsPayload> read_sensors_fields(const Fields& fields);

// A token inside the first record, for SDKs that show none in the address.
std::string sensors_token(std::string& json);

// A record or a list of records. An error refuses the whole body (collect.bad_json,
// collect.too_deep); everything else concerns one record.
Result<Batch> parse_sensors(SensorsPayload payload, const Envelope& envelope);
Result<Batch> parse_sensors_again(const std::string& record, const Envelope& envelope);

// Whether an event or property may be called so (the documented pattern, with its reserved words).
bool is_sensors_name(std::string_view name);

// The document that mobile SDKs fetch at start: GET /config/{Android,iOS}.conf.
std::string sensors_config();

}  // namespace qiao::collect
