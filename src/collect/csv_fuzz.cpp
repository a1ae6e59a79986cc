// Any bytes as a text file: every row is read or says why not, and reading ends.
#include <boost/json.hpp>

#include "base/check.hpp"
#include "collect/import_mapping.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace qiao;
    using namespace qiao::collect;
    if (size == 0)
        return 0;
    static const Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (bytes.starts_with("PAR1"))
        return 0;  // DuckDB's parser, not ours
    const bool is_whole = data[0] % 2 == 0;
    const auto hint = data[0] % 4 < 2 ? "csv" : "ndjson";
    auto sketched = open_import(bytes, hint, is_whole, "");
    auto file = open_import(bytes, hint, is_whole, "");
    check(sketched.has_value() == file.has_value());
    if (!file)
        return 0;
    const auto columns = sketch_columns(*sketched->rows, 100);
    const auto mapping = suggest_mapping(columns, "fuzz.csv");
    check(parse_mapping(to_json(mapping), columns, "fuzz.csv").has_value());
    ImportRow row;
    std::uint64_t line = 0;
    while (file->rows->next(row)) {
        check(row.line > line);
        line = row.line;
        const auto fact = fact_of(row, mapping, time_from_ms(0), calendar);
        check(fact.has_value() || !fact.error().reason.empty());
    }
    return 0;
}
