#include "customer/customer.hpp"

#include <algorithm>

#include "customer/detail/wire.hpp"

namespace qiao::customer {

using namespace detail;

namespace {

constexpr std::uint64_t version = 1;

Result<Customer> corrupt() {
    return fail(ErrorCode::invalid, "customer.corrupt", "a stored customer cannot be read");
}

void put_tag(std::string& out, const Tag& tag) {
    put_text(out, tag.name);
    encode(tag.value, out);
    put_time(out, tag.at);
    put_text(out, tag.source);
    put_number(out, tag.note ? 1 : 0);
    if (tag.note) {
        put_text(out, tag.note->by);
        put_text(out, tag.note->why);
    }
    put_number(out, static_cast<std::uint64_t>(tag.origin));
    put_number(out, tag.changes);
}

Tag read_tag(Reader& in) {
    Tag tag;
    tag.name = in.text();
    tag.value = in.value();
    tag.at = in.time();
    tag.source = in.text();
    if (in.number() == 1) {
        auto by = in.text();
        auto why = in.text();
        tag.note = std::make_shared<const TagNote>(TagNote{std::move(by), std::move(why)});
    }
    const auto origin = in.number();
    if (origin > static_cast<std::uint64_t>(TagOrigin::listed))
        in.ok = false;
    tag.origin = static_cast<TagOrigin>(origin);
    tag.changes = in.number32();
    return tag;
}

Consent read_consent(Reader& in) {
    Consent consent;
    consent.purpose = in.text();
    consent.channel = in.text();
    consent.granted = in.number() == 1;
    consent.at = in.time();
    consent.source = in.text();
    return consent;
}

void read_profile(Reader& in, Customer& customer) {
    if (in.number() != version)
        in.ok = false;
    customer.is_erased = in.number() == 1;
    customer.first = in.identity();
    customer.redirect = in.profile();
    customer.merges = in.number32();
    customer.tag_changes = in.number32();
    customer.created_at = in.time();
    customer.identities.resize(in.count());
    for (auto& known : customer.identities) {
        known.identity = in.identity();
        known.since = in.time();
        known.source = in.text();
        known.binding = in.number32();
        known.via = in.profile();
        known.via_number = in.number32();
    }
    const auto tags = in.count();
    for (std::size_t i = 0; i < tags && in.ok; ++i)
        customer.tags.push_back(read_tag(in));
    const auto consents = in.count();
    for (std::size_t i = 0; i < consents && in.ok; ++i)
        customer.consents.push_back(read_consent(in));
    customer.asked.resize(in.count());
    for (auto& asked : customer.asked) {
        asked.identity_hash = in.number();
        asked.at = in.time();
    }
}

}  // namespace

bool Customer::has_identity(std::string_view kind) const {
    return std::any_of(identities.begin(), identities.end(),
                       [&](const KnownIdentity& known) { return known.identity.kind == kind; });
}

const KnownIdentity* Customer::identity(std::string_view kind, std::string_view value) const {
    for (const auto& known : identities)
        if (known.identity.value == value && known.identity.kind == kind)
            return &known;
    return nullptr;
}

const KnownIdentity* Customer::newest_identity(std::string_view kind) const {
    const KnownIdentity* newest = nullptr;
    for (const auto& known : identities)
        if (known.identity.kind == kind && (!newest || known.since >= newest->since))
            newest = &known;
    return newest;
}

const Tag* Customer::tag(std::string_view name) const {
    auto at =
        std::lower_bound(tags.begin(), tags.end(), name,
                         [](const Tag& tag, std::string_view wanted) { return tag.name < wanted; });
    return at != tags.end() && at->name == name ? &*at : nullptr;
}

const Value* Customer::value_of(std::string_view tag_name) const {
    const auto* found = tag(tag_name);
    return found ? &found->value : nullptr;
}

std::string_view Customer::org() const {
    const auto* value = value_of("org");
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? std::string_view(*text) : std::string_view{};
}

const Consent* Customer::consent(std::string_view purpose, std::string_view channel) const {
    for (const auto& candidate : consents)
        if (candidate.purpose == purpose && candidate.channel == channel)
            return &candidate;
    return nullptr;
}

bool Customer::allows(std::string_view purpose, std::string_view channel) const {
    const auto* word = consent(purpose, channel);
    return word && word->granted;
}

bool Customer::is_reachable_by(std::string_view channel) const {
    if (channel == "sms")
        return has_identity("phone");
    if (channel == "email")
        return has_identity("email");
    if (channel == "inbox" || channel == "webhook")
        return has_identity("user_id");
    return false;
}

std::string encode_profile(const Customer& customer) {
    std::string out;
    put_number(out, version);
    put_number(out, customer.is_erased ? 1 : 0);
    put_identity(out, customer.first);
    put_number(out, static_cast<std::uint64_t>(customer.redirect));
    put_number(out, customer.merges);
    put_number(out, customer.tag_changes);
    put_time(out, customer.created_at);
    put_number(out, customer.identities.size());
    for (const auto& known : customer.identities) {
        put_identity(out, known.identity);
        put_time(out, known.since);
        put_text(out, known.source);
        put_number(out, known.binding);
        put_number(out, static_cast<std::uint64_t>(known.via));
        put_number(out, known.via_number);
    }
    put_number(out, customer.tags.size());
    for (const auto& tag : customer.tags)
        put_tag(out, tag);
    put_number(out, customer.consents.size());
    for (const auto& consent : customer.consents) {
        put_text(out, consent.purpose);
        put_text(out, consent.channel);
        put_number(out, consent.granted ? 1 : 0);
        put_time(out, consent.at);
        put_text(out, consent.source);
    }
    put_number(out, customer.asked.size());
    for (const auto& asked : customer.asked) {
        put_number(out, asked.identity_hash);
        put_time(out, asked.at);
    }
    return out;
}

std::string encode_counters(const Customer& customer) {
    std::string out;
    put_number(out, version);
    put_time(out, customer.first_seen);
    put_time(out, customer.last_seen);
    put_number(out, customer.event_count);
    return out;
}

Result<Customer> decode_customer(ProfileId id, std::string_view profile,
                                 std::string_view counters) {
    Customer customer;
    customer.id = id;
    Reader in(profile);
    read_profile(in, customer);
    if (!in.ok || !in.is_at_end())
        return corrupt();
    if (counters.empty())
        return customer;
    Reader counted(counters);
    if (counted.number() != version)
        return corrupt();
    customer.first_seen = counted.time();
    customer.last_seen = counted.time();
    customer.event_count = counted.number();
    if (!counted.ok)
        return corrupt();
    return customer;
}

}  // namespace qiao::customer
