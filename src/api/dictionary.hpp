// /api/v1/dictionary: what events, properties and tags mean, and how much they are used.
#pragma once

#include <boost/json/fwd.hpp>

#include "api/endpoint.hpp"
#include "base/value.hpp"

namespace qiao {
namespace access {
class AuditLog;
}
namespace dictionary {
class Dictionary;
struct Definition;
}  // namespace dictionary
namespace sql {
class Database;
}
}  // namespace qiao

namespace qiao::api {

// What other modules add to the dictionary's answers. Where one is missing, its part is left out,
// and rule and formula tags are refused as unsupported.
struct DictionaryParts {
    // Judges a rule or formula tag before it is kept and answers the type of its values.
    std::function<Result<ValueType>(const dictionary::Definition& tag, const access::Principal& who)>
        compute;
    // Called after a rule or formula tag has been kept: brings its first values.
    std::function<void(const dictionary::Definition& tag)> computed;
};

void add_dictionary(Endpoints& endpoints, dictionary::Dictionary& dictionary,
                    sql::Database& database, access::AuditLog& audit, const Calendar& calendar,
                    DictionaryParts parts = {});

}  // namespace qiao::api
