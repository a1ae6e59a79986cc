#include "http/static_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "http/gzip.hpp"

namespace qiao::http {
namespace {

namespace fs = std::filesystem;

class StaticFiles : public testing::Test {
protected:
    StaticFiles() {
        std::string pattern = fs::temp_directory_path() / "qiao-files-XXXXXX";
        base_ = ::mkdtemp(pattern.data());
        fs::create_directories(base_ / "site/assets");
        write("secret.txt", "outside");
        write("site/index.html", "<p>page</p>");
        write("site/assets/app-1a2b.js", "run()");
        write("site/assets/app-1a2b.js.gz", gzip("run()", 9));
        write("site/.hidden", "hidden");
        fs::create_symlink(base_ / "secret.txt", base_ / "site/link.txt");
        serve_ = static_files(base_ / "site");
    }
    ~StaticFiles() override { fs::remove_all(base_); }

    void write(const std::string& name, const std::string& content) const {
        std::ofstream(base_ / name, std::ios::binary) << content;
    }
    Response get(const std::string& path, Headers headers = {}) const {
        Request request;
        request.method = "GET";
        request.path = path;
        request.headers = std::move(headers);
        return serve_(request);
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers)
            if (key == name)
                return value;
        return {};
    }

    fs::path base_;
    Handler serve_;
};

TEST_F(StaticFiles, ServesPagesWithAStrictPolicyAndWithoutCaching) {
    for (const auto* path : {"/", "/index.html", "/audiences/aud_1"}) {
        const auto page = get(path);
        EXPECT_EQ(page.status, 200) << path;
        EXPECT_EQ(page.body, "<p>page</p>");
        EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
        EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
        EXPECT_NE(header(page, "Content-Security-Policy").find("script-src 'self';"),
                  std::string::npos);
    }
}

TEST_F(StaticFiles, CachesHashedFilesForEverAndSendsThePackedOne) {
    const auto plain = get("/assets/app-1a2b.js");
    EXPECT_EQ(plain.body, "run()");
    EXPECT_EQ(header(plain, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(plain, "Content-Encoding"), "");
    const auto packed = get("/assets/app-1a2b.js", {{"accept-encoding", "gzip"}});
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(packed, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(gunzip(packed.body, 100).value(), "run()");
}

TEST_F(StaticFiles, AnswersNotModifiedToTheSameTag) {
    const auto tag = header(get("/index.html"), "ETag");
    ASSERT_FALSE(tag.empty());
    EXPECT_EQ(get("/index.html", {{"if-none-match", tag}}).status, 304);
    EXPECT_EQ(get("/index.html", {{"if-none-match", "\"other\""}}).status, 200);
    write("site/index.html", "<p>a new page</p>");
    EXPECT_EQ(get("/index.html", {{"if-none-match", tag}}).status, 200);
}

TEST_F(StaticFiles, ServesNothingOutsideTheDirectory) {
    for (const std::string path :
         {"/../secret.txt", "/assets/../../secret.txt", "/link.txt", "/.hidden",
          "//etc/hostname.txt", "/..\\secret.txt", "secret.txt", "/assets/..", "/.."})
        EXPECT_EQ(get(path).status, 404) << path;
    EXPECT_EQ(get(std::string("/index.html\0.js", 15)).status, 404);
}

TEST_F(StaticFiles, AnswersProgramsWithNotFoundInsteadOfAPage) {
    EXPECT_EQ(get("/api/v1/nothing").status, 404);
    EXPECT_EQ(get("/v1/nothing").status, 404);
    EXPECT_EQ(get("/assets/nothing").status, 404);
    EXPECT_EQ(get("/nothing.js").status, 404);
}

}  // namespace
}  // namespace qiao::http
