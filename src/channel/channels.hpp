// The channels a bank has configured, and the providers made from them.
//
// Settings are checked by kind; secrets among them are sealed and never given out again. A first
// start has one inbox. A provider lives until its channel changes; those who are submitting through
// it keep it until they are done. Thread-safe.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "access/audit.hpp"
#include "action/providers.hpp"
#include "channel/inbox.hpp"

namespace qiao::channel {

// What each kind may set (numbers as decimal text; * secret, ! required):
//   inbox    none
//   email    host! port security(starttls|none) username password* from! unsubscribe
//   sms      host! port system_id! password* system_type source! window
//   webhook  url! secret*!
// All but the inbox also have receipt_secret*, with which their providers sign receipts.
using Settings = std::map<std::string, std::string, std::less<>>;

struct Channel {
    std::string id;  // "chn_…"
    action::ChannelKind kind = action::ChannelKind::inbox;
    std::string name;
    Settings settings;                 // without secrets
    std::vector<std::string> secrets;  // names of those that are set
    double rate_per_s = 0;             // 0: no limit
    bool active = true;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by;
};

struct ChannelChange {
    std::optional<std::string> name;
    std::optional<Settings> settings;  // all plain ones; secrets only where they change
    std::optional<double> rate_per_s;
    std::optional<bool> active;
};

class Channels final : public action::Providers {
public:
    using OnReceipt = std::function<void(const action::Receipt&)>;

    Channels(sql::Database& database, const Clock& clock, access::AuditLog& audit,
             const SecretBox& secrets, Inbox& inbox);
    ~Channels() override;

    // Who takes receipts; set before the first provider is opened. Called on providers' threads and
    // may block; when it returns, the receipt is kept.
    void on_receipt(OnReceipt listener) { on_receipt_ = std::move(listener); }
    // Ends all connections; open() answers unavailable from then on.
    void stop();

    std::vector<Channel> list() const;  // oldest first
    // Error: not_found `channel.not_found`.
    Result<Channel> get(std::string_view id) const;
    // Errors: unprocessable `channel.settings`, `channel.name`, `channel.rate` with pointers;
    // stale.
    Result<Channel> create(const access::Principal& who, action::ChannelKind kind,
                           const ChannelChange& change);
    Result<Channel> update(const access::Principal& who, std::string_view id,
                           const ChannelChange& change,
                           std::optional<std::int64_t> expected_version);
    Result<void> remove(const access::Principal& who, std::string_view id,
                        std::optional<std::int64_t> expected_version);

    // The channel that a campaign means: `provider` where it names one, else the only active one of
    // the kind. Errors: unavailable `channel.inactive` (it is switched off, and may come back);
    // unprocessable `channel.none`, `channel.ambiguous`, pointer "/provider".
    Result<Channel> choose(action::ChannelKind kind, std::string_view provider) const;

    Result<action::ReadyChannel> open(std::string_view channel_id) override;

    // What a provider reports of its sends (receipt_hook.hpp), signed with the channel's
    // receipt_secret; also of a channel that is switched off. Errors: those of receipt_hook.hpp; a
    // channel that is unknown or has no such secret is answered as a wrong signature.
    Result<std::vector<action::Receipt>> receipts_of(std::string_view id,
                                                     std::string_view signature,
                                                     std::string_view body) const;

private:
    struct Opened {
        std::int64_t version = 0;
        std::shared_ptr<action::Provider> provider;
    };
    std::shared_ptr<action::Provider> make(const Channel& channel, const Settings& secrets);

    sql::Database& database_;
    const Clock& clock_;
    access::AuditLog& audit_;
    const SecretBox& secrets_;
    Inbox& inbox_;
    OnReceipt on_receipt_;
    std::mutex mutex_;
    bool is_stopped_ = false;
    std::map<std::string, Opened, std::less<>> opened_;
};

// {"host":"…","port":587,"has_password":true}: as the API shows it. Numbers are numbers.
boost::json::object settings_json(const Channel& channel);
// Reads the API's form; "has_…" members are left out. Errors: `channel.settings` with pointers.
Result<Settings> parse_settings(action::ChannelKind kind, const boost::json::value& json);

}  // namespace qiao::channel
