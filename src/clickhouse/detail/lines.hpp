// Rows of ClickHouse's tables as lines of JSON.
#pragma once

#include <string>

#include "history/history.hpp"
#include "history/properties_reader.hpp"

namespace qiao::clickhouse::detail {

class Line {
public:
    explicit Line(std::string& lines) : lines_(lines) { lines_ += '{'; }
    ~Line() { lines_ += "}\n"; }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Line& number(std::string_view name, std::uint64_t value) {
        return raw(name, std::to_string(value));
    }
    Line& whole(std::string_view name, std::int64_t value) {
        return raw(name, std::to_string(value));
    }
    Line& text(std::string_view name, std::string_view value);
    Line& raw(std::string_view name, std::string_view json);

private:
    std::string& lines_;
    bool is_first_ = true;
};

// A value in the column of its kind: numbers (scaled), texts or items, as in schema.hpp. A text
// that is a time, which only the dictionary can know, stands in both of the former.
struct Columns {
    std::string numbers, texts, items;  // the insides of JSON objects
    void put(const history::Property& property);
};

// Lines of events; of one thread.
class EventLines {
public:
    void add(const history::HistoryRow& row, std::string& lines);

private:
    history::PropertiesReader reader_;
};

void add_trait(const history::TraitChange& change, std::uint64_t version, std::string& lines);

}  // namespace qiao::clickhouse::detail
