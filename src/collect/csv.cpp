#include "collect/csv.hpp"

#include <iconv.h>
#include <simdjson.h>

#include <algorithm>

namespace qiao::collect {

namespace {

constexpr std::string_view bom = "\xef\xbb\xbf";

bool is_utf8(std::string_view bytes, bool is_whole) {
    // A character that the end cuts has at most three bytes there.
    for (int cut = 0; cut <= (is_whole ? 0 : 3) && static_cast<std::size_t>(cut) <= bytes.size();
         ++cut)
        if (simdjson::validate_utf8(bytes.data(), bytes.size() - static_cast<std::size_t>(cut)))
            return true;
    return false;
}

}  // namespace

std::string encoding_of(std::string_view bytes, bool is_whole) {
    return is_utf8(bytes, is_whole) ? "utf-8" : "gb18030";
}

Result<std::string> to_utf8(std::string bytes, bool is_whole) {
    if (bytes.starts_with(bom))
        bytes.erase(0, bom.size());
    if (is_utf8(bytes, is_whole))
        return bytes;
    const auto converter = iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1))
        return fail(ErrorCode::unsupported, "imports.encoding",
                    "this system cannot read GB18030; save the file as UTF-8");
    std::string out(bytes.size() * 2 + 16, '\0');
    char* from = bytes.data();
    char* to = out.data();
    std::size_t from_left = bytes.size(), to_left = out.size();
    const auto status = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    if (status == static_cast<std::size_t>(-1) && !(errno == EINVAL && !is_whole))
        return fail(ErrorCode::unprocessable, "imports.encoding",
                    "the file is neither UTF-8 nor GB18030; save it as UTF-8 and try again");
    out.resize(out.size() - to_left);
    return out;
}

char delimiter_of(std::string_view text) {
    char best = ',';
    std::size_t best_score = 0;
    for (const char candidate : {',', ';', '\t'}) {
        CsvReader reader(text, candidate);
        std::vector<std::string> fields;
        std::string problem;
        std::size_t columns = 0, agreeing = 0;
        for (int i = 0; i < 20 && reader.next(fields, problem); ++i) {
            if (i == 0)
                columns = fields.size();
            if (problem.empty() && fields.size() == columns)
                ++agreeing;
        }
        const auto score = columns > 1 ? agreeing * 1000 + columns : 0;
        if (score > best_score) {
            best = candidate;
            best_score = score;
        }
    }
    return best;
}

void CsvReader::skip_line() {
    const auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
}

bool CsvReader::read_quoted(std::string& field, std::string& problem) {
    const auto start = at_;
    const auto start_line = line_;
    ++at_;
    while (true) {
        const auto quote = text_.find('"', at_);
        if (quote == std::string_view::npos) {
            // One stray quote must not swallow the rest of the file.
            at_ = start;
            line_ = start_line;
            problem = "a quote is opened but never closed";
            return false;
        }
        const auto piece = text_.substr(at_, quote - at_);
        field.append(piece);
        line_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
        at_ = quote + 1;
        if (at_ < text_.size() && text_[at_] == '"') {
            field.push_back('"');
            ++at_;
            continue;
        }
        break;
    }
    if (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' &&
        text_[at_] != '\r') {
        problem = "text follows a closing quote; quotes inside a field must be doubled";
        return false;
    }
    return true;
}

void CsvReader::read_plain(std::string& field) {
    const auto start = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n')
        ++at_;
    auto end = at_;
    if (end > start && text_[end - 1] == '\r' && (at_ == text_.size() || text_[at_] == '\n'))
        --end;
    field.assign(text_.substr(start, end - start));
}

bool CsvReader::next(std::vector<std::string>& fields, std::string& problem) {
    fields.clear();
    problem.clear();
    is_open_ended_ = false;
    while (at_ < text_.size() && (text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"))
        skip_line();
    if (at_ >= text_.size())
        return false;
    record_line_ = line_;
    while (true) {
        auto& field = fields.emplace_back();
        if (at_ < text_.size() && text_[at_] == '"') {
            if (!read_quoted(field, problem)) {
                skip_line();
                return true;
            }
            if (text_.substr(at_, 2) == "\r\n")
                ++at_;
        } else {
            read_plain(field);
        }
        if (field.size() > max_field_bytes)
            problem = "a field is longer than " + std::to_string(max_field_bytes) + " bytes";
        if (at_ >= text_.size()) {
            is_open_ended_ = true;
            return true;
        }
        if (text_[at_] == delimiter_) {
            ++at_;
            continue;
        }
        ++at_;  // the line break
        ++line_;
        return true;
    }
}

}  // namespace qiao::collect
