// /docs: what /openapi.json says, for people.
#include <algorithm>
#include <map>

#include "api/openapi.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out.push_back(letter);
        }
    }
    return out;
}

std::string written(const json::value& schema, const std::string& indent);

std::string joined(const json::array& parts, const std::string& between,
                   const std::function<std::string(const json::value&)>& write) {
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : between) + write(part);
    return out;
}

std::string link_to(std::string_view reference) {
    const std::string name(reference.substr(reference.rfind('/') + 1));
    return "<a href=\"#" + name + "\">" + name + "</a>";
}

// {name: type …}, one member in a line. Members that a request may send back without effect are
// named at the end.
std::string written_object(const json::object& schema, const std::string& indent) {
    const auto* members = schema.if_contains("properties");
    if (!members) {
        const auto* value = schema.if_contains("additionalProperties");
        return "{[name]: " + (value ? written(*value, indent) : std::string("any")) + "}";
    }
    std::string lines, ignored;
    const auto deeper = indent + "  ";
    const auto& required = schema.at("required").as_array();
    for (const auto& [name, member] : members->as_object()) {
        if (member.as_object().contains("readOnly")) {
            ignored += (ignored.empty() ? "" : ", ") + std::string(name);
            continue;
        }
        bool is_required = false;
        for (const auto& one : required)
            is_required = is_required || one.as_string() == name;
        lines += deeper + "<b>" + escaped(name) + "</b>" + (is_required ? ": " : "?: ") +
                 written(member, deeper) + "\n";
    }
    if (!ignored.empty())
        lines += deeper + "<i>without effect: " + ignored + "</i>\n";
    return lines.empty() ? "{}" : "{\n" + lines + indent + "}";
}

std::string written_list(const json::object& schema, const std::string& indent) {
    const auto write = [&](const json::value& part) { return written(part, indent); };
    if (const auto* places = schema.if_contains("prefixItems"))
        return "[" + joined(places->as_array(), ", ", write) + "]";
    const auto* item = schema.if_contains("items");
    auto text = item ? written(*item, indent) : std::string("any");
    if (text.find(" | ") != text.npos && !text.starts_with('{'))
        text = "(" + text + ")";
    return text + "[]";
}

// A type as the notation of schema.hpp writes it.
std::string written(const json::value& value, const std::string& indent) {
    const auto* schema = value.if_object();
    if (!schema || schema->empty())
        return "any";
    if (const auto* reference = schema->if_contains("$ref"))
        return link_to(reference->as_string());
    for (const auto* word : {"anyOf", "oneOf"})
        if (const auto* parts = schema->if_contains(word))
            return joined(parts->as_array(), " | ",
                          [&](const json::value& part) { return written(part, indent); });
    if (const auto* texts = schema->if_contains("enum"))
        return joined(texts->as_array(), " | ", [](const json::value& text) {
            return text.is_string() ? "'" + escaped(text.as_string()) + "'" : std::string("null");
        });
    const auto* type = schema->if_contains("type");
    if (!type)
        return "any";
    if (type->is_array())
        return joined(type->get_array(), " | ",
                      [](const json::value& one) { return std::string(one.as_string()); });
    if (*type == "array")
        return written_list(*schema, indent);
    if (*type == "object")
        return written_object(*schema, indent);
    const auto* format = schema->if_contains("format");
    if (format && *format == "date-time")
        return "time";
    if (format && *format == "date")
        return "day";
    return std::string(type->as_string());
}

std::string block(const std::string& head, const std::string& text) {
    return "<dt>" + head + "</dt><dd><pre>" + text + "</pre></dd>";
}

std::string section_of(const Described& endpoint) {
    const auto& doc = endpoint.doc;
    std::string section = "<article><h3><span class=\"" + endpoint.method + "\">" +
                          endpoint.method + "</span> <code>" + escaped(endpoint.path) +
                          "</code></h3><p>" + escaped(doc.summary) + "</p><dl>";
    if (!doc.query.empty()) {
        std::string lines;
        for (const auto& [name, schema] : doc.query)
            lines += "<b>" + escaped(name) + "</b>?: " + written(schema.json(), {}) + "\n";
        section += block("Query", lines);
    }
    if (doc.request.is_file) {
        std::string types;
        for (const auto& type : doc.request.types)
            types += (types.empty() ? "" : ", ") + type;
        section += block("Body", "a file: " + types);
    } else if (!doc.request.types.empty()) {
        section += block(doc.request.is_required ? "Body" : "Body, if any",
                         written(doc.request.schema.json(), {}));
    }
    for (const auto& answer : doc.answers.all()) {
        auto head = std::to_string(answer.status);
        if (!answer.type.empty() && answer.type != "application/json")
            head += " " + answer.type;
        section += block(head, answer.type.empty() ? "nothing" : written(answer.schema.json(), {}));
    }
    return section + "</dl></article>";
}

std::string anchor_of(std::string tag) {
    std::replace(tag.begin(), tag.end(), ' ', '-');
    return "of-" + tag;
}

constexpr std::string_view head_of_page =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>Qiao API</title><style>"
    ":root{color-scheme:light dark;--line:light-dark(#e3e6ea,#3a3f46);"
    "--pale:light-dark(#f6f7f9,#1e2227);--blue:light-dark(#0b63c5,#7ab7ff);"
    "--green:light-dark(#17733a,#6fd08c);--amber:light-dark(#8a5a00,#e8b04b);"
    "--red:light-dark(#b3261e,#ff8a80)}"
    "body{font:14px/1.6 system-ui,sans-serif;max-width:900px;margin:0 auto;padding:2rem 1rem}"
    "a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}"
    "nav{columns:4 140px;margin:1rem 0 2rem;padding:.8rem 1rem;background:var(--pale);"
    "border-radius:8px}nav a{display:block}"
    "h2{margin:2.5rem 0 .5rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}"
    "article{padding:.4rem 0 1rem;border-bottom:1px solid var(--line)}"
    "h3{margin:.8rem 0 .2rem;font-size:1rem;overflow-wrap:anywhere}"
    "h3 span{display:inline-block;min-width:4.2em;font-size:.8rem}"
    ".GET{color:var(--blue)}.POST{color:var(--green)}.PUT,.PATCH{color:var(--amber)}"
    ".DELETE{color:var(--red)}p{margin:.2rem 0}"
    "dl{display:grid;grid-template-columns:7.5rem 1fr;gap:.4rem 1rem;margin:.5rem 0 0}"
    "dt{color:GrayText;overflow-wrap:anywhere}dd{margin:0;min-width:0}"
    "pre{margin:0;padding:.4rem .7rem;background:var(--pale);border-radius:6px;overflow:auto;"
    "font:12.5px/1.55 ui-monospace,monospace}"
    "@media(max-width:600px){dl{grid-template-columns:1fr;gap:.1rem}}</style>"
    "<h1>Qiao API</h1><p>The machine-readable form is <a href=\"/openapi.json\">/openapi.json</a> "
    "(OpenAPI 3.1). A request carries the session cookie, with <code>X-CSRF-Token</code> where it "
    "changes something, or <code>Authorization: Bearer</code> and a token. Every refusal is a <a "
    "href=\"#Problem\">Problem</a>. Requests that make, send or spend take an "
    "<code>Idempotency-Key</code>; changes of an object with a version take <code>If-Match</code> "
    "with its <code>ETag</code>.</p>";

}  // namespace

std::string readable_page(const std::vector<Described>& endpoints, const json::object& shapes) {
    std::map<std::string, std::string> sections;
    for (const auto& endpoint : endpoints)
        sections[endpoint.doc.tag] += section_of(endpoint);
    std::map<std::string, const json::value*> by_name;
    for (const auto& [name, shape] : shapes)
        by_name.emplace(name, &shape);
    std::string page(head_of_page);
    page += "<nav>";
    for (const auto& [tag, section] : sections)
        page += "<a href=\"#" + anchor_of(tag) + "\">" + escaped(tag) + "</a>";
    page += "<a href=\"#shapes\">shapes</a></nav>";
    for (const auto& [tag, section] : sections)
        page += "<h2 id=\"" + anchor_of(tag) + "\">" + escaped(tag) + "</h2>" + section;
    page += "<h2 id=\"shapes\">Shapes</h2>";
    for (const auto& [name, shape] : by_name)
        page += "<article id=\"" + name + "\"><h3>" + name + "</h3><pre>" + written(*shape, {}) +
                "</pre></article>";
    return page + "</html>";
}

}  // namespace qiao::api
