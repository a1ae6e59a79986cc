// What the columns of a file become: whose row it is, which tags or which event, of which types.
//
// JSON: {"kind":"tags"|"events",
//        "id":{"column":"cust_no","kind"?:"user_id"} | {"row_prefix":"uci-"},
//        "columns":{"age":{"to":"age","type":"number"}, "memo":{"skip":true}},
//        "event":{"name":"payment"} | {"column":"type"},            (of events)
//        "time":{"column":"paid_at","format"?:"rfc3339"}}            (else: when the import began)
// Columns that are not named are taken under their own name with the type that their values show.
// Time formats: rfc3339, date (2026-10-01), datetime (2026-10-01 08:30:00), compact (20261001),
// epoch_s, epoch_ms; those without a zone are in the institution's.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collect/import_rows.hpp"
#include "journal/fact.hpp"

namespace qiao::collect {

struct ColumnMapping {
    std::string to;
    ValueType type = ValueType::string;
    std::string time_format = "rfc3339";  // of times
    bool skip = false;
};

struct ImportMapping {
    bool is_events = false;
    std::string id_column, id_kind = "user_id";
    std::string
        row_prefix;  // where no column holds an id: the user id is this and the row's number
    std::map<std::string, ColumnMapping, std::less<>> columns;
    std::string event_name, event_column;
    std::string time_column, time_format = "rfc3339";
};

// A column as its values show it.
struct ColumnSketch {
    std::string name;
    ValueType type = ValueType::string;
    std::string time_format;           // of times
    std::vector<std::string> samples;  // up to five different ones
};
// Reads up to `rows` rows.
std::vector<ColumnSketch> sketch_columns(ImportRows& rows, std::size_t limit);

// Tags, with the first column that is called like an id, or else numbered rows. Public data sets
// that are known to come without ids get the prefix that they are cited by.
ImportMapping suggest_mapping(const std::vector<ColumnSketch>& columns, std::string_view file_name);

// Fills in what the JSON leaves open from the sketch. Errors: imports.mapping with the pointer.
Result<ImportMapping> parse_mapping(const boost::json::value& json,
                                    const std::vector<ColumnSketch>& columns,
                                    std::string_view file_name);
boost::json::value to_json(const ImportMapping& mapping);

// Why a row cannot be taken.
struct BadCell {
    std::string column, reason;
};
// The row's fact, without source, message id and times of receipt. `began_at`: where no column says
// when.
tl::expected<Fact, BadCell> fact_of(ImportRow& row, const ImportMapping& mapping, Time began_at,
                                    const Calendar& calendar);
// A time in one of the formats above; nothing where the text is none.
std::optional<Time> read_time(std::string_view text, std::string_view format,
                              const Calendar& calendar);

}  // namespace qiao::collect
