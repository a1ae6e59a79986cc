// The JSON text of properties, written straight into one string: a JSON document in between would
// cost more than all the rest of a row.
#include "history/history.hpp"

namespace qiao::history {

namespace {

void put_escaped(std::string& out, char letter) {
    static constexpr char digits[] = "0123456789abcdef";
    switch (letter) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += digits[static_cast<unsigned char>(letter) >> 4];
            out += digits[static_cast<unsigned char>(letter) & 15];
    }
}

bool is_plain(char letter) {
    return static_cast<unsigned char>(letter) >= 0x20 && letter != '"' && letter != '\\';
}

void put_text(std::string& out, std::string_view text) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_plain(text[at]))
            continue;
        out.append(text, from, at - from);
        put_escaped(out, text[at]);
        from = at + 1;
    }
    out.append(text, from);
    out += '"';
}

struct ValueText {
    std::string& out;
    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(Decimal value) const { out += value.text(); }
    void operator()(const std::string& value) const { put_text(out, value); }
    void operator()(Time value) const { put_text(out, format_time(value)); }
    void operator()(const StringSet& value) const {
        out += '[';
        for (std::size_t at = 0; at < value.size(); ++at) {
            out += at > 0 ? "," : "";
            put_text(out, value[at]);
        }
        out += ']';
    }
    void operator()(const Sealed& value) const {
        out += R"({"sealed":)";
        put_text(out, value.hash);
        out += R"(,"ciphertext":)";
        put_text(out, value.ciphertext);
        out += '}';
    }
};

}  // namespace

std::string properties_json(const Properties& properties) {
    constexpr std::size_t usual_property_bytes = 32;
    std::string out;
    out.reserve(2 + properties.size() * usual_property_bytes);
    out += '{';
    for (const auto& [name, value] : properties) {
        out += out.size() > 1 ? "," : "";
        put_text(out, name);
        out += ':';
        std::visit(ValueText{out}, value);
    }
    out += '}';
    return out;
}

}  // namespace qiao::history
