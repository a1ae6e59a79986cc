#include "engage/message.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "channel/smpp_pdu.hpp"
#include "customer/identity_kinds.hpp"
#include "customer/masking.hpp"

namespace qiao::engage {

using action::ChannelKind;

namespace {

struct Part {
    std::string pointer;
    std::string_view text;
};

// The texts that a channel sends; without a channel all that are written.
std::vector<Part> parts_of(const MessageDraft& draft, std::optional<ChannelKind> channel) {
    std::vector<Part> parts;
    const bool has_subject = !channel || *channel == ChannelKind::email;
    const bool has_title =
        !channel || *channel == ChannelKind::inbox || *channel == ChannelKind::webhook;
    if (has_subject && !draft.subject.empty())
        parts.push_back({"/message/subject", draft.subject});
    if (has_title && !draft.title.empty())
        parts.push_back({"/message/title", draft.title});
    if (!draft.body.empty())
        parts.push_back({"/message/body", draft.body});
    return parts;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

Error problem(std::string reason, std::string detail, std::string pointer) {
    return {ErrorCode::unprocessable, std::move(reason), std::move(detail), std::move(pointer), 0};
}

void judge_presence(const MessageDraft& draft, std::optional<ChannelKind> channel,
                    std::vector<Error>& problems) {
    if (channel == ChannelKind::email && is_blank(draft.subject))
        problems.push_back(
            problem("message.no_subject", "an e-mail needs a subject", "/message/subject"));
    if (channel == ChannelKind::inbox && is_blank(draft.title))
        problems.push_back(
            problem("message.no_title", "a message in the inbox needs a title", "/message/title"));
    if (is_blank(draft.body))
        problems.push_back(
            problem("message.no_body", "write the text of the message", "/message/body"));
}

void judge_names(const Template& text, const std::string& pointer, const rule::Vocabulary& words,
                 std::vector<Error>& problems) {
    for (const auto& name : text.names()) {
        if (name == name_of_customer)
            continue;
        const auto type = words.tag(name);
        if (!type)
            problems.push_back(
                problem("message.unknown_name",
                        "there is no tag \"" + name + "\"; choose one of the dictionary", pointer));
        else if (*type == ValueType::sealed)
            problems.push_back(problem("message.sealed_tag",
                                       "the tag \"" + name +
                                           "\" is personal data and may not stand in a message; "
                                           "use {{ name }} to address people",
                                       pointer));
    }
    for (const auto& name : text.names_without_default())
        problems.push_back(problem("message.no_default",
                                   "\"" + name +
                                       "\" may be missing; say what stands there then: {{ " + name +
                                       " | default: \"…\" }}",
                                   pointer));
}

void judge_link(const MessageDraft& draft, std::vector<Error>& problems) {
    if (draft.link.empty())
        return;
    if (!draft.link.starts_with("https://") && !draft.link.starts_with("http://"))
        problems.push_back(
            problem("message.link", "a link begins with https:// or http://", "/message/link"));
    else if (draft.link.find_first_of(" \"<>{}\r\n\t") != std::string::npos)
        problems.push_back(
            problem("message.link",
                    "a link holds no blanks, quotes or braces; it is the same for everybody",
                    "/message/link"));
}

// Judged with every default in place; a long value of a customer may take a part more.
void judge_sms(const Template& body, const MessageDraft& draft, const Calendar& calendar,
               std::vector<Error>& problems) {
    const auto text = body.render([](std::string_view) -> const Value* { return nullptr; },
                                  Escape::none, calendar);
    if (!text)
        return;
    const auto parts = sms_parts(sms_text(*text, draft.link));
    if (parts == 0 || parts > max_sms_parts)
        problems.push_back(problem(
            "message.too_long",
            "this text takes more than 10 SMS (a Chinese one holds 67 characters); shorten it",
            "/message/body"));
}

}  // namespace

Result<CompiledMessage> CompiledMessage::compile(const MessageDraft& draft, ChannelKind channel) {
    const bool is_email = channel == ChannelKind::email;
    const auto parse = [](std::string_view text, const char* pointer) {
        auto parsed = Template::parse(text);
        if (!parsed)
            parsed.error().pointer = pointer;
        return parsed;
    };
    auto subject =
        is_email ? parse(draft.subject, "/message/subject") : parse(draft.title, "/message/title");
    if (!subject)
        return fail(subject.error());
    auto body = parse(draft.body, "/message/body");
    if (!body)
        return fail(body.error());
    return CompiledMessage(std::move(*subject), std::move(*body));
}

Result<MessageText> CompiledMessage::render(const Template::Lookup& lookup,
                                            const Calendar& calendar) const {
    // Plain text: whoever puts it into HTML escapes it there.
    auto subject = subject_.render(lookup, Escape::none, calendar);
    if (!subject)
        return fail(subject.error());
    auto body = body_.render(lookup, Escape::none, calendar);
    if (!body)
        return fail(body.error());
    return MessageText{std::move(*subject), std::move(*body)};
}

std::vector<std::string> CompiledMessage::names() const {
    auto names = subject_.names();
    names.insert(names.end(), body_.names().begin(), body_.names().end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::size_t sms_parts(std::string_view text) { return channel::smpp::split_text(text, 0).size(); }

std::string sms_text(std::string_view body, std::string_view link) {
    std::string text(body);
    if (!link.empty() && text.find(link) == text.npos)
        text.append(" ").append(link);
    return text;
}

Properties message_values(const customer::Customer& customer, std::string_view name) {
    Properties values;
    for (const auto& tag : customer.tags)
        if (type_of(tag.value) != ValueType::sealed && tag.name != name_of_customer)
            values.emplace_back(tag.name, tag.value);
    if (!name.empty())
        values.emplace_back(name_of_customer, std::string(name));
    return values;
}

std::vector<Error> message_problems(const MessageDraft& draft, std::optional<ChannelKind> channel,
                                    const rule::Vocabulary& words, const Calendar& calendar) {
    std::vector<Error> problems;
    judge_presence(draft, channel, problems);
    for (const auto& part : parts_of(draft, channel)) {
        const auto text = Template::parse(part.text);
        if (!text) {
            problems.push_back(text.error());
            problems.back().pointer = part.pointer;
            continue;
        }
        judge_names(*text, part.pointer, words, problems);
        if (channel == ChannelKind::sms)
            judge_sms(*text, draft, calendar, problems);
    }
    judge_link(draft, problems);
    return problems;
}

std::vector<Error> Messages::problems(const MessageDraft& draft,
                                      std::optional<ChannelKind> channel) const {
    return message_problems(draft, channel, evaluation_.vocabularies().current(),
                            evaluation_.calendar());
}

std::optional<Error> Messages::first_problem(const CampaignDraft& draft) const {
    auto found = problems(draft.message, draft.channel);
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

Result<std::vector<MessagePreview>> Messages::previews(const MessageDraft& draft,
                                                       ChannelKind channel, std::string_view rule,
                                                       std::size_t limit,
                                                       const access::Principal& who) const {
    auto compiled = CompiledMessage::compile(draft, channel);
    if (!compiled)
        return std::vector<MessagePreview>{};
    const auto found = evaluation_.evaluate(rule, "/audience/rule", evaluation_.now(), who);
    if (!found)
        return fail(found.error());
    std::vector<MessagePreview> previews;
    for (const auto member : found->members.sample(limit)) {
        const auto profile = found->snapshot->profile(member);
        const auto customer = ask_customer(shards_, customers_, profile);
        if (!customer)
            continue;
        const auto name = plain_name(*customer, vault_);
        const auto masked = name.empty() ? name : customer::mask("name", name);
        const auto values = message_values(*customer, masked);
        const auto text = compiled->render(
            [&](std::string_view wanted) { return find(values, wanted); }, evaluation_.calendar());
        if (!text)
            continue;
        auto message = draft;
        (channel == ChannelKind::email ? message.subject : message.title) = text->subject;
        message.body = text->body;
        previews.push_back({profile, masked, std::move(message)});
    }
    return previews;
}

std::optional<customer::Customer> ask_customer(shard::Shards& shards,
                                               customer::Customers& customers, ProfileId profile) {
    using Answer = std::optional<customer::Customer>;
    return shards
        .ask<Answer>(shard_of(profile),
                     [&customers, profile](shard::ShardContext& context) -> Answer {
                         const auto* customer = customers.find(profile, context);
                         if (!customer || !customer->is_live())
                             return std::nullopt;
                         return *customer;
                     })
        .get();
}

std::string plain_identity(const customer::Customer& customer, std::string_view kind,
                           const customer::Vault& vault) {
    const auto* known = customer.newest_identity(kind);
    if (!known)
        return {};
    if (!customer::is_sensitive(kind))
        return known->identity.value;
    auto opened = vault.unseal(known->identity.sealed);
    return opened ? std::move(*opened) : std::string{};
}

std::string plain_name(const customer::Customer& customer, const customer::Vault& vault) {
    if (auto name = plain_identity(customer, name_of_customer, vault); !name.empty())
        return name;
    const auto* value = customer.value_of(name_of_customer);
    if (!value)
        return {};
    if (const auto* text = std::get_if<std::string>(value))
        return *text;
    if (const auto* sealed = std::get_if<Sealed>(value))
        if (auto opened = vault.unseal(sealed->ciphertext))
            return std::move(*opened);
    return {};
}

}  // namespace qiao::engage
