#include "engage/liquid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace qiao::engage {

namespace {

struct Filter {
    std::string name;
    std::string argument;
};

constexpr std::array<std::string_view, 7> filter_names = {
    "default", "upcase", "downcase", "truncate", "number", "date", "append"};

struct Condition {
    std::string name;
    std::string wanted;  // with a comparison
    enum class Kind : std::uint8_t { is_there, equal, unequal } kind = Kind::is_there;
};

}  // namespace

struct LiquidNode {
    enum class Kind : std::uint8_t { text, output, branch } kind = Kind::text;
    std::string text;  // or the name that is printed
    std::vector<Filter> filters;
    Condition condition;
    std::vector<std::shared_ptr<const LiquidNode>> then, otherwise;

    bool has_default() const {
        return std::any_of(filters.begin(), filters.end(),
                           [](const Filter& f) { return f.name == "default"; });
    }
};

namespace {

using Nodes = std::vector<std::shared_ptr<const LiquidNode>>;

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' || letter == '$' ||
           static_cast<unsigned char>(letter) >= 0x80;
}

// Reads the inside of {{ … }} or {% … %}.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    void skip_blanks() {
        while (!text_.empty() &&
               (text_.front() == ' ' || text_.front() == '\t' || text_.front() == '\n'))
            text_.remove_prefix(1);
    }
    bool at_end() {
        skip_blanks();
        return text_.empty();
    }
    bool take(std::string_view wanted) {
        skip_blanks();
        if (!text_.starts_with(wanted))
            return false;
        text_.remove_prefix(wanted.size());
        return true;
    }
    std::string name() {
        skip_blanks();
        std::size_t size = 0;
        while (size < text_.size() && is_name_letter(text_[size]))
            ++size;
        std::string name(text_.substr(0, size));
        text_.remove_prefix(size);
        return name;
    }
    // "text", 'text', or a bare number or word.
    std::optional<std::string> literal() {
        skip_blanks();
        if (text_.empty())
            return std::nullopt;
        const char quote = text_.front();
        if (quote != '"' && quote != '\'') {
            auto word = name();
            return word.empty() ? std::nullopt : std::optional(word);
        }
        const auto end = text_.find(quote, 1);
        if (end == text_.npos)
            return std::nullopt;
        std::string text(text_.substr(1, end - 1));
        text_.remove_prefix(end + 1);
        return text;
    }

private:
    std::string_view text_;
};

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<Nodes> parse() {
        Nodes nodes;
        auto end = parse_until(nodes, 0);
        if (!end)
            return fail(end.error());
        if (!end->empty())
            return syntax("{% " + *end + " %} has no {% if %} before it");
        return nodes;
    }

private:
    tl::unexpected<Error> syntax(const std::string& what) const {
        const auto before = text_.substr(0, at_);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto last = before.rfind('\n');
        const auto column = at_ - (last == before.npos ? 0 : last + 1) + 1;
        return fail(
            ErrorCode::invalid, "liquid.syntax",
            "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what);
    }

    // Answers the closing word that ended it ("else", "endif"), or nothing at the end of the text.
    Result<std::string> parse_until(Nodes& nodes, int depth) {
        while (at_ < text_.size()) {
            const auto open = std::min(text_.find("{{", at_), text_.find("{%", at_));
            add_text(nodes, text_.substr(at_, open == text_.npos ? open : open - at_));
            if (open == text_.npos) {
                at_ = text_.size();
                break;
            }
            at_ = open;
            const bool is_output = text_[open + 1] == '{';
            const auto close = text_.find(is_output ? "}}" : "%}", open + 2);
            if (close == text_.npos)
                return syntax(is_output ? "{{ is never closed by }}" : "{% is never closed by %}");
            const auto inside = text_.substr(open + 2, close - open - 2);
            if (is_output) {
                auto node = parse_output(inside);
                if (!node)
                    return fail(node.error());
                nodes.push_back(std::make_shared<LiquidNode>(std::move(*node)));
                at_ = close + 2;
                continue;
            }
            Scanner scanner(inside);
            const auto word = scanner.name();
            if (word == "else" || word == "endif") {
                at_ = close + 2;
                return word;
            }
            if (word != "if")
                return syntax("only if, else and endif are known here");
            if (depth == max_if_depth)
                return syntax("conditions nest deeper than 8");
            if (auto done = parse_branch(nodes, scanner, close + 2, depth); !done)
                return fail(done.error());
        }
        return std::string{};
    }

    Result<void> parse_branch(Nodes& nodes, Scanner& scanner, std::size_t after, int depth) {
        LiquidNode node;
        node.kind = LiquidNode::Kind::branch;
        node.condition.name = scanner.name();
        if (node.condition.name.empty())
            return syntax("if needs the name of a tag");
        if (!scanner.at_end()) {
            if (scanner.take("=="))
                node.condition.kind = Condition::Kind::equal;
            else if (scanner.take("!="))
                node.condition.kind = Condition::Kind::unequal;
            else
                return syntax("a condition compares with == or !=");
            const auto wanted = scanner.literal();
            if (!wanted || !scanner.at_end())
                return syntax("a condition ends with one text or number");
            node.condition.wanted = *wanted;
        }
        at_ = after;
        auto end = parse_until(node.then, depth + 1);
        if (end && *end == "else")
            end = parse_until(node.otherwise, depth + 1);
        if (!end)
            return fail(end.error());
        if (*end != "endif")
            return syntax("{% if %} is never closed by {% endif %}");
        nodes.push_back(std::make_shared<LiquidNode>(std::move(node)));
        return {};
    }

    Result<LiquidNode> parse_output(std::string_view inside) {
        Scanner scanner(inside);
        LiquidNode node;
        node.kind = LiquidNode::Kind::output;
        node.text = scanner.name();
        if (node.text.empty())
            return syntax("{{ }} needs the name of a tag");
        while (scanner.take("|")) {
            Filter filter{scanner.name(), {}};
            if (std::find(filter_names.begin(), filter_names.end(), filter.name) ==
                filter_names.end())
                return fail(
                    ErrorCode::invalid, "liquid.unknown_filter",
                    "the filters are default, upcase, downcase, truncate, number, date and append");
            if (scanner.take(":")) {
                const auto argument = scanner.literal();
                if (!argument)
                    return syntax("a filter's value stands in quotes, or is a number");
                filter.argument = *argument;
            }
            node.filters.push_back(std::move(filter));
        }
        if (!scanner.at_end())
            return syntax("only filters, each after a |, may follow the name");
        return node;
    }

    static void add_text(Nodes& nodes, std::string_view text) {
        if (text.empty())
            return;
        LiquidNode node;
        node.text = text;
        nodes.push_back(std::make_shared<LiquidNode>(std::move(node)));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

void collect_names(const Nodes& nodes, std::vector<std::string>& all,
                   std::vector<std::string>& bare) {
    for (const auto& node : nodes) {
        if (node->kind == LiquidNode::Kind::output) {
            all.push_back(node->text);
            if (!node->has_default())
                bare.push_back(node->text);
        } else if (node->kind == LiquidNode::Kind::branch) {
            all.push_back(node->condition.name);
            collect_names(node->then, all, bare);
            collect_names(node->otherwise, all, bare);
        }
    }
}

void sort_unique(std::vector<std::string>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

std::string plain_text(const Value& value) {
    struct Writer {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool is) const { return is ? "true" : "false"; }
        std::string operator()(Decimal number) const { return number.text(); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(Time time) const { return format_time(time); }
        std::string operator()(const StringSet& set) const {
            std::string text;
            for (const auto& element : set)
                text += (text.empty() ? "" : ", ") + element;
            return text;
        }
        std::string operator()(const Sealed&) const { return {}; }
    };
    return std::visit(Writer{}, value);
}

// Cuts to `letters` code points, with an ellipsis where something was cut.
std::string truncated(const std::string& text, std::size_t letters) {
    std::size_t at = 0, count = 0;
    while (at < text.size()) {
        if (count == letters)
            return text.substr(0, at) + "…";
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            ++at;
        ++count;
    }
    return text;
}

std::string with_thousands(const std::string& number) {
    auto point = std::min(number.find('.'), number.size());
    std::string out = number;
    const std::size_t first = number.starts_with('-') ? 1 : 0;
    for (auto at = point; at > first + 3; at -= 3)
        out.insert(at - 3, ",");
    return out;
}

std::string formatted_date(Time time, std::string_view format, const Calendar& calendar) {
    const Day day = calendar.day_of(time);
    const auto civil = format_day(day);  // YYYY-MM-DD
    const auto minutes = (time - calendar.start_of(day)).count() / 60'000;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    std::string out;
    for (std::size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%' || at + 1 == format.size()) {
            out.push_back(format[at]);
            continue;
        }
        switch (format[++at]) {
            case 'Y':
                out += civil.substr(0, 4);
                break;
            case 'm':
                out += civil.substr(5, 2);
                break;
            case 'd':
                out += civil.substr(8, 2);
                break;
            case 'H':
                out += two(minutes / 60);
                break;
            case 'M':
                out += two(minutes % 60);
                break;
            default:
                out.push_back(format[at]);
        }
    }
    return out;
}

std::string with_case(std::string text, char first, char last, int shift) {
    for (auto& letter : text)
        if (letter >= first && letter <= last)
            letter = static_cast<char>(letter + shift);
    return text;
}

std::string html_escaped(const std::string& text) {
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
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out.push_back(letter);
        }
    }
    return out;
}

class Renderer {
public:
    Renderer(const Template::Lookup& lookup, Escape escape, const Calendar& calendar)
        : lookup_(lookup), escape_(escape), calendar_(calendar) {}

    Result<void> render(const Nodes& nodes, std::string& out) {
        for (const auto& node : nodes) {
            if (node->kind == LiquidNode::Kind::text) {
                out += node->text;
                continue;
            }
            auto done = node->kind == LiquidNode::Kind::output
                            ? print(*node, out)
                            : render(holds(node->condition) ? node->then : node->otherwise, out);
            if (!done)
                return done;
        }
        return {};
    }

private:
    bool holds(const Condition& condition) const {
        const auto* value = lookup_(condition.name);
        const bool is_there = value && type_of(*value) != ValueType::null;
        if (condition.kind == Condition::Kind::is_there)
            return is_there && *value != Value{false};
        const bool is_equal = is_there && plain_text(*value) == condition.wanted;
        return is_equal == (condition.kind == Condition::Kind::equal);
    }

    Result<void> print(const LiquidNode& node, std::string& out) const {
        const auto* value = lookup_(node.text);
        std::string text = value ? plain_text(*value) : std::string{};
        for (const auto& filter : node.filters) {
            if (filter.name == "default") {
                if (text.empty())
                    text = filter.argument;
            } else {
                text = filtered(filter, std::move(text), value);
            }
        }
        if (text.empty() && !node.has_default())
            return fail(ErrorCode::unprocessable, "liquid.missing",
                        "the customer has no value for {{ " + node.text + " }}; give it a default");
        out += escape_ == Escape::html ? html_escaped(text) : text;
        return {};
    }

    std::string filtered(const Filter& filter, std::string text, const Value* value) const {
        if (filter.name == "upcase")
            return with_case(std::move(text), 'a', 'z', 'A' - 'a');
        if (filter.name == "downcase")
            return with_case(std::move(text), 'A', 'Z', 'a' - 'A');
        if (filter.name == "append")
            return text.empty() ? text : text + filter.argument;
        if (filter.name == "truncate") {
            std::size_t letters = 50;
            std::from_chars(filter.argument.data(), filter.argument.data() + filter.argument.size(),
                            letters);
            return truncated(text, letters);
        }
        if (filter.name == "number")
            return value && std::holds_alternative<Decimal>(*value) ? with_thousands(text) : text;
        if (filter.name == "date") {
            const auto* time = value ? std::get_if<Time>(value) : nullptr;
            const std::string format = filter.argument.empty() ? "%Y-%m-%d" : filter.argument;
            return time ? formatted_date(*time, format, calendar_) : text;
        }
        return text;
    }

    const Template::Lookup& lookup_;
    Escape escape_;
    const Calendar& calendar_;
};

}  // namespace

Result<Template> Template::parse(std::string_view text) {
    if (text.size() > max_template_bytes)
        return fail(ErrorCode::too_large, "liquid.too_long", "a message may have at most 64 KiB");
    auto nodes = Parser(text).parse();
    if (!nodes)
        return fail(nodes.error());
    Template result;
    result.nodes_ = std::move(*nodes);
    collect_names(result.nodes_, result.names_, result.bare_names_);
    sort_unique(result.names_);
    sort_unique(result.bare_names_);
    return result;
}

Result<std::string> Template::render(const Lookup& lookup, Escape escape,
                                     const Calendar& calendar) const {
    std::string out;
    if (auto done = Renderer(lookup, escape, calendar).render(nodes_, out); !done)
        return fail(done.error());
    return out;
}

}  // namespace qiao::engage
