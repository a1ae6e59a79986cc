#include "clickhouse/testing/chdb.hpp"

#include "clickhouse/testing/chdb_library.hpp"

namespace qiao::clickhouse::testing {

struct Chdb::Library : ChdbLibrary {
    using ChdbLibrary::ChdbLibrary;
    Connection* opened = nullptr;
};

Chdb* Chdb::of_process(std::string& why) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    why = "ClickHouse's engine does not run under this sanitizer";
    return nullptr;
#else
    static void* handle = dlopen("build/deps/chdb/libchdb.so", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        why = "build/deps/chdb/libchdb.so is missing; ./qiao test fetches it";
        return nullptr;
    }
    // Never closed: when the process ends, the library's own globals go before ours.
    static Chdb* const engine = new Chdb(std::make_unique<Library>(handle));
    return engine;
#endif
}

Chdb::Chdb(std::unique_ptr<Library> library) : library_(std::move(library)) {
    library_->opened = library_->open({});
    for (const auto& [name, value] : settings())
        if (auto set = execute("SET " + name + " = " + value); !set)
            throw std::runtime_error(set.error().detail);
}

Chdb::~Chdb() = default;

Result<std::string> Chdb::query(const std::string& sql, const std::string& format) {
    std::lock_guard lock(mutex_);
    void* result = library_->query(*library_->opened, sql.c_str(), format.c_str());
    if (!result)
        return fail(error_of("no result"));
    if (const char* error = library_->error(result)) {
        auto told = error_of(error);
        told.detail += std::string(" ") + error;  // no test asks about a customer
        library_->destroy(result);
        return fail(std::move(told));
    }
    const auto length = library_->length(result);
    std::string text(length ? library_->buffer(result) : "", length);
    library_->destroy(result);
    return text;
}

Result<Rows> Chdb::ask(const std::string& select) {
    auto text = query(select, "JSONCompactEachRow");
    if (!text)
        return fail(text.error());
    return read_rows(*text);
}

Result<void> Chdb::execute(const std::string& statement) {
    auto text = query(statement, "Null");
    if (!text)
        return fail(text.error());
    return {};
}

Result<void> Chdb::insert(std::string_view table, const std::string& lines,
                          std::string_view token) {
    const auto settings =
        token.empty() ? std::string()
                      : " SETTINGS insert_deduplication_token = '" + std::string(token) + "'";
    return execute("INSERT INTO " + std::string(table) + settings + " FORMAT JSONEachRow " + lines);
}

}  // namespace qiao::clickhouse::testing
