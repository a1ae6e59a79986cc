// CSV after RFC 4180, as banks really send it: comma, semicolon or tab, quoted fields with newlines
// and doubled quotes, CRLF or LF, UTF-8 with or without BOM, or GB18030.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace qiao::collect {

// "utf-8" or "gb18030", by the bytes. `is_whole`: false where the text may end inside a character.
std::string encoding_of(std::string_view bytes, bool is_whole);
// UTF-8 without BOM. Error: imports.encoding (the bytes are valid in neither encoding).
Result<std::string> to_utf8(std::string bytes, bool is_whole);

// The delimiter that splits the first records most evenly; a comma where none occurs.
char delimiter_of(std::string_view text);

// Reads records one after another. The text must outlive the reader.
class CsvReader {
public:
    static constexpr std::size_t max_field_bytes = 32 << 10;

    CsvReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

    // False at the end. Blank lines are skipped. Where a record is broken, `problem` says how and
    // the reader goes on at the next line.
    bool next(std::vector<std::string>& fields, std::string& problem);
    // Of the record read last, counted from 1 in lines of the file.
    std::uint64_t line() const { return record_line_; }
    std::size_t position() const { return at_; }
    // Whether the record read last ended with the text and not with a line break.
    bool is_open_ended() const { return is_open_ended_; }

private:
    bool read_quoted(std::string& field, std::string& problem);
    void read_plain(std::string& field);
    void skip_line();

    std::string_view text_;
    char delimiter_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1, record_line_ = 0;
    bool is_open_ended_ = false;
};

}  // namespace qiao::collect
