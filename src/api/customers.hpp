// /api/v1/customers: finding, showing and changing single customers.
//
// People of a unit see the customers whose tag `org` lies in their subtree; all others are "not
// found" to them. Personal data is masked; `?personal=true` shows it to who may see it. Searches,
// looks, exports and changes are in the audit log.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/customer_timeline.hpp"
#include "api/endpoint.hpp"

namespace qiao {
class Jobs;
}
namespace qiao::access {
class AuditLog;
class Orgs;
}  // namespace qiao::access
namespace qiao::audience {
class PeopleCards;
}
namespace qiao::customer {
class Directory;
class Erasure;
class Vault;
struct Customer;
}  // namespace qiao::customer
namespace qiao::dictionary {
class Dictionary;
}
namespace qiao::journal {
class Journal;
}
namespace qiao::shard {
class Shards;
}

namespace qiao::api {

struct CustomerParts {
    customer::Directory& directory;
    customer::Vault& vault;
    customer::Erasure& erasure;
    journal::Journal& journal;
    shard::Shards& shards;
    dictionary::Dictionary& dictionary;
    const audience::PeopleCards& cards;
    TimelineSource& timeline;
    const access::Orgs& orgs;
    access::AuditLog& audit;
    Jobs& jobs;

    // What modules beside this one know of a customer; each may be empty.
    struct Named {
        std::string id, name;
    };
    std::function<std::vector<Named>(ProfileId)> audiences = {};
    // A stage is named by its key and, where the model still has it, by the model's words.
    struct InStage {
        std::string model, model_name, kind, stage, stage_name;
    };
    std::function<std::vector<InStage>(ProfileId)> stages = {};
    struct Contacts {
        int day = 0, week = 0, month = 0;
    };
    std::function<Contacts(ProfileId)> contacts = {};
    std::function<std::string(std::string_view id)> name_of_person = {};
    // Forgets an erased customer where the shards do not reach: inbox, stored audiences.
    // Idempotent.
    std::function<void(ProfileId)> forget = {};
};

void add_customers(Endpoints& endpoints, const CustomerParts& parts);

// The parts of the resource that lie in files of their own.
Result<customer::Customer> seen_customer(const CustomerParts& parts, const Call& call);
Result<Answer> show_customer(const CustomerParts& parts, Call& call);
Result<Answer> show_timeline(const CustomerParts& parts, Call& call);
Result<Answer> show_tag_history(const CustomerParts& parts, Call& call);
Result<Answer> export_customer(const CustomerParts& parts, Call& call);

Result<Answer> set_customer_tag(const CustomerParts& parts, Call& call);
Result<Answer> remove_customer_tag(const CustomerParts& parts, Call& call);
Result<Answer> set_customer_consent(const CustomerParts& parts, Call& call);
Result<Answer> merge_customers(const CustomerParts& parts, Call& call);
Result<Answer> unbind_identity(const CustomerParts& parts, Call& call);
Result<Answer> erase_customer(const CustomerParts& parts, Call& call);

}  // namespace qiao::api
