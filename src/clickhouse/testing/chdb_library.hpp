// The part of libchdb's C interface (chdb.h) that tests and benchmarks use, loaded at run time:
// nothing of Qiao links it.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace qiao::clickhouse::testing {

struct ChdbLibrary {
    using Connection = void*;
    Connection* (*connect)(int, char**) = nullptr;
    void (*close)(Connection*) = nullptr;
    void* (*query)(Connection, const char*, const char*) = nullptr;
    void (*destroy)(void*) = nullptr;
    char* (*buffer)(void*) = nullptr;
    std::size_t (*length)(void*) = nullptr;
    const char* (*error)(void*) = nullptr;
    void (*handle_signals)(int) = nullptr;

    // `handle` as dlopen() gives it. Throws std::runtime_error.
    explicit ChdbLibrary(void* handle) {
        take(handle, "chdb_connect", connect);
        take(handle, "chdb_close_conn", close);
        take(handle, "chdb_query", query);
        take(handle, "chdb_destroy_query_result", destroy);
        take(handle, "chdb_result_buffer", buffer);
        take(handle, "chdb_result_length", length);
        take(handle, "chdb_result_error", error);
        take(handle, "chdb_set_signal_handlers_enabled", handle_signals);
    }
    // Throws std::runtime_error. One in a process.
    Connection* open(std::vector<std::string> options) const {
        handle_signals(0);
        options.insert(options.begin(), "clickhouse");
        std::vector<char*> words;
        for (auto& option : options)
            words.push_back(option.data());
        auto* opened = connect(static_cast<int>(words.size()), words.data());
        if (!opened)
            throw std::runtime_error("libchdb did not connect");
        return opened;
    }

private:
    template <class Function>
    static void take(void* handle, const char* name, Function& function) {
        function = reinterpret_cast<Function>(dlsym(handle, name));
        if (!function)
            throw std::runtime_error(std::string("libchdb has no ") + name);
    }
};

}  // namespace qiao::clickhouse::testing
