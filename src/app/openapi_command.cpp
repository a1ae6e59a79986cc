#include "app/openapi_command.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>

#include "app/server.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;

// Only a whole server knows all its endpoints, so one is made on empty stores and never started.
class EmptyPlace {
public:
    EmptyPlace() : path_(fs::temp_directory_path() / ("qiao-openapi-" + random_token(8))) {
        fs::create_directories(path_);
    }
    ~EmptyPlace() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    EmptyPlace(const EmptyPlace&) = delete;
    EmptyPlace& operator=(const EmptyPlace&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

int print_openapi() {
    const EmptyPlace place;
    ServeOptions options;
    options.data_dir = place.path();
    options.has_demo = false;
    auto stores = Stores::open(options);
    if (!stores) {
        std::fprintf(stderr, "qiao openapi: %s\n", stores.error().detail.c_str());
        return 1;
    }
    const Server server(options, std::move(*stores));
    std::puts(boost::json::serialize(server.endpoints.openapi()).c_str());
    return 0;
}

}  // namespace qiao::app
