// The way of a parsed request into the journal: check against the dictionary, seal personal data,
// quarantine what cannot be taken, append the rest. The answer comes when both are durable.
#pragma once

#include "collect/batch.hpp"
#include "collect/quarantine.hpp"
#include "customer/vault.hpp"
#include "dictionary/dictionary.hpp"
#include "journal/journal.hpp"

namespace qiao::collect {

struct Taken {
    std::uint32_t accepted = 0;
    std::uint32_t repeated = 0;
    std::uint32_t quarantined = 0;
};

class Intake {
public:
    Intake(journal::Journal& journal, dictionary::Dictionary& dictionary, customer::Vault& vault,
           Quarantine& quarantine, const Clock& clock, Metrics& metrics);

    // On the thread that parsed the batch. `done` is called once, from any thread, when everything
    // is durable: the bad records first, then the facts. Errors (unavailable): journal.full_queue,
    // journal.disk_full, collect.quarantine_*.
    using Done = std::function<void(Result<Taken>)>;
    void take(Batch batch, Protocol protocol, const Envelope& envelope, Done done);

    // What take() would quarantine; nothing is kept and the dictionary learns nothing.
    std::vector<Rejected> judge(Batch batch, Protocol protocol);

    // Facts of an import or another trusted reader: checked and sealed as those of SDKs. A refused
    // fact is answered with its index; the others stay in `facts`, in order.
    struct Refusal {
        std::size_t index = 0;
        dictionary::Refusal why;
    };
    std::vector<Refusal> prepare(std::vector<Fact>& facts);
    journal::Journal& journal() { return journal_; }

    // Takes an open record again, as it was sent or mended. Errors: collect.not_quarantined,
    // collect.not_open, collect.erased, and what is wrong with the record (with its pointer).
    Result<void> replay(std::string_view quarantined, const std::optional<std::string>& mended,
                        std::string_view by);

private:
    void check(Batch& batch, Protocol protocol);
    void seal(Fact& fact, const std::vector<const dictionary::Definition*>& definitions);

    journal::Journal& journal_;
    dictionary::Dictionary& dictionary_;
    customer::Vault& vault_;
    Quarantine& quarantine_;
    const Clock& clock_;
    Counter& records_;
    Counter& repeated_;
};

// Parses one record of the quarantine again.
Result<Batch> parse_again(Protocol protocol, const std::string& record, const std::string& shared,
                          const Envelope& envelope);

}  // namespace qiao::collect
