#include "insight/metric_formula.hpp"

#include <array>
#include <limits>
#include <string>

#include "base/check.hpp"

namespace qiao::insight {

Exact exact(__int128 whole) { return Exact(boost::multiprecision::cpp_int(whole)); }

std::optional<Decimal> rounded(const Exact& value) {
    using boost::multiprecision::cpp_int;
    const Exact scaled = value * Decimal::scale;
    cpp_int top = abs(numerator(scaled)) * 2 + denominator(scaled);
    const cpp_int whole = top / (denominator(scaled) * 2);
    if (whole > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    const auto number = whole.convert_to<std::int64_t>();
    return Decimal::from_scaled(scaled < 0 ? -number : number);
}

// expression = term {(+|−) term} · term = factor {(×|÷) factor}
// factor = number | letter | ( expression ) | − factor
class FormulaParser {
public:
    FormulaParser(std::string_view text, std::size_t parts) : text_(text), parts_(parts) {}

    Result<Formula> parse() {
        if (text_.size() > Formula::most_bytes)
            refuse("The formula has more than 400 bytes.");
        made_.steps_.clear();
        expression(0);
        if (!error_ && peek() != '\0')
            refuse_here("An operator was expected");
        if (!error_ && !names_a_part_)
            refuse("The formula names no part; a part is a letter such as A.");
        if (error_)
            return fail(*error_);
        return std::move(made_);
    }

private:
    using Kind = Formula::Kind;

    void refuse(std::string detail) {
        if (!error_)
            error_ = Error{ErrorCode::unprocessable, "insight.formula", std::move(detail),
                           "/formula", 0};
    }
    void refuse_here(const std::string& what) {
        std::size_t character = 1;
        for (std::size_t i = 0; i < at_; ++i)
            character += (static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80;
        refuse(what +
               (at_ < text_.size() ? " at character " + std::to_string(character)
                                   : " at the end of the formula") +
               ".");
    }
    // The next sign without blanks; what is written as × ÷ − （ ） is * / - ( ). '\0' at the end,
    // '?' for what no formula holds.
    char peek() {
        while (at_ < text_.size() && text_[at_] == ' ')
            ++at_;
        if (at_ == text_.size())
            return '\0';
        struct Sign {
            std::string_view bytes;
            char means;
        };
        static constexpr std::array<Sign, 5> wide = {
            {{"×", '*'}, {"÷", '/'}, {"−", '-'}, {"（", '('}, {"）", ')'}}};
        for (const auto& sign : wide)
            if (text_.substr(at_).starts_with(sign.bytes)) {
                length_ = sign.bytes.size();
                return sign.means;
            }
        length_ = 1;
        const char sign = text_[at_];
        return static_cast<unsigned char>(sign) < 0x80 && sign != '\0' ? sign : '?';
    }
    void take() { at_ += length_; }
    void push(Kind kind) { made_.steps_.push_back({kind, 0, 0}); }

    void expression(std::size_t depth) {
        term(depth);
        while (!error_ && (peek() == '+' || peek() == '-')) {
            const auto kind = peek() == '+' ? Kind::add : Kind::subtract;
            take();
            term(depth);
            push(kind);
        }
    }
    void term(std::size_t depth) {
        factor(depth);
        while (!error_ && (peek() == '*' || peek() == '/')) {
            const auto kind = peek() == '*' ? Kind::multiply : Kind::divide;
            take();
            factor(depth);
            push(kind);
        }
    }
    void factor(std::size_t depth) {
        const char sign = peek();
        if (depth > Formula::most_depth)
            return refuse_here("The formula is nested too deeply");
        if (sign >= '0' && sign <= '9')
            return number();
        if (sign >= 'A' && sign <= 'Z')
            return letter(sign);
        if (sign == '-') {
            take();
            factor(depth + 1);
            return push(Kind::negate);
        }
        if (sign != '(')
            return refuse_here("A part, a number or a parenthesis was expected");
        take();
        expression(depth + 1);
        if (error_)
            return;
        if (peek() != ')')
            return refuse_here("A closing parenthesis was expected");
        take();
    }
    void letter(char sign) {
        const auto part = static_cast<std::size_t>(sign - 'A');
        if (part >= parts_)
            return refuse_here("There is no part " + std::string(1, sign));
        take();
        names_a_part_ = true;
        made_.steps_.push_back({Kind::part, part, 0});
    }
    void number() {
        const auto begin = at_;
        const auto digits = [&] {
            const auto from = at_;
            while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
                ++at_;
            return text_.substr(from, at_ - from);
        };
        std::string whole(digits());
        Exact scale = 1;
        if (at_ < text_.size() && text_[at_] == '.') {
            ++at_;
            const auto places = digits();
            if (places.empty())
                return refuse_here("A digit was expected");
            for (std::size_t i = 0; i < places.size(); ++i)
                scale *= 10;
            whole += places;
        }
        if (whole.size() > 15) {
            at_ = begin;
            return refuse_here("A number has at most 15 digits; there are more");
        }
        made_.steps_.push_back({Kind::number, 0, Exact(std::stoll(whole)) / scale});
    }

    std::string_view text_;
    std::size_t parts_;
    std::size_t at_ = 0, length_ = 0;
    bool names_a_part_ = false;
    Formula made_;
    std::optional<Error> error_;
};

Result<Formula> Formula::parse(std::string_view text, std::size_t parts) {
    return FormulaParser(text, parts).parse();
}

std::optional<Exact> Formula::value(const std::vector<std::optional<Exact>>& parts) const {
    std::vector<Exact> stack;
    for (const auto& step : steps_) {
        if (step.kind == Kind::part) {
            if (!parts[step.part])
                return std::nullopt;
            stack.push_back(*parts[step.part]);
            continue;
        }
        if (step.kind == Kind::number) {
            stack.push_back(step.number);
            continue;
        }
        if (step.kind == Kind::negate) {
            stack.back() = -stack.back();
            continue;
        }
        const Exact right = std::move(stack.back());
        stack.pop_back();
        auto& left = stack.back();
        if (step.kind == Kind::add)
            left += right;
        else if (step.kind == Kind::subtract)
            left -= right;
        else if (step.kind == Kind::multiply)
            left *= right;
        else if (right == 0)
            return std::nullopt;
        else
            left /= right;
    }
    check(stack.size() == 1);
    return stack.back();
}

}  // namespace qiao::insight
