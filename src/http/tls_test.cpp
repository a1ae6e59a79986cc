#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "http/server.hpp"

namespace qiao::http {
namespace {

namespace fs = std::filesystem;

template <class T, void (*free)(T*)>
struct OpensslFree {
    void operator()(T* owned) const { free(owned); }
};
using Key = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpensslFree<X509, X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX, SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, OpensslFree<SSL, SSL_free>>;

class HttpTls : public testing::Test {
protected:
    HttpTls() : workers_(1, 10) {
        std::string pattern = fs::temp_directory_path() / "qiao-tls-XXXXXX";
        base_ = ::mkdtemp(pattern.data());
        options_.certificate_file = base_ / "certificate.pem";
        options_.key_file = base_ / "key.pem";
        write_self_signed();
        router_.on("GET", "/hello", [](const Request&) { return Response::text(200, "over TLS"); });
    }
    ~HttpTls() override { fs::remove_all(base_); }

    void write_self_signed() const {
        const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
        const Certificate certificate(X509_new());
        X509_set_version(certificate.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        auto* name = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), name);
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        std::FILE* file = std::fopen(options_.certificate_file.c_str(), "w");
        PEM_write_X509(file, certificate.get());
        std::fclose(file);
        file = std::fopen(options_.key_file.c_str(), "w");
        PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
    }

    // Sends one request as a client of this version and ALPN; the answer, or "" where there is
    // none.
    std::string call(int version, std::string_view protocols) const {
        const TlsContext context(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context.get(), version);
        SSL_CTX_set_max_proto_version(context.get(), version);
        const int peer = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(server_->port());
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(peer, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
        std::string answer;
        {
            const Tls tls(SSL_new(context.get()));
            SSL_set_fd(tls.get(), peer);
            SSL_set_alpn_protos(tls.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                                static_cast<unsigned>(protocols.size()));
            constexpr std::string_view request = "GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n";
            if (SSL_connect(tls.get()) == 1 &&
                SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) > 0) {
                char chunk[4096];
                for (int got; (got = SSL_read(tls.get(), chunk, sizeof chunk)) > 0;)
                    answer.append(chunk, static_cast<std::size_t>(got));
                EXPECT_EQ(SSL_get_error(tls.get(), 0), SSL_ERROR_ZERO_RETURN)
                    << "closed unannounced";
            }
        }
        ::close(peer);
        return answer;
    }

    fs::path base_;
    ServerOptions options_;
    Router router_;
    Metrics metrics_;
    WorkerPool workers_;
    std::unique_ptr<Server> server_;
};

constexpr std::string_view http_1_1 = "\x08http/1.1", http_2 = "\x02h2";

TEST_F(HttpTls, AnswersOverTls13AndRefusesOlder) {
    server_ = Server::start(router_, workers_, metrics_, options_).value();
    const auto answer = call(TLS1_3_VERSION, http_1_1);
    EXPECT_EQ(answer.find("HTTP/1.1 200 OK"), 0u);
    EXPECT_TRUE(answer.ends_with("over TLS"));
    EXPECT_EQ(call(TLS1_2_VERSION, http_1_1), "");
}

TEST_F(HttpTls, AgreesOnHttp11OrNothing) {
    server_ = Server::start(router_, workers_, metrics_, options_).value();
    EXPECT_NE(call(TLS1_3_VERSION, std::string(http_2) + std::string(http_1_1)), "");
    EXPECT_EQ(call(TLS1_3_VERSION, http_2), "");
}

TEST_F(HttpTls, SaysThatTheCertificateCannotBeUsed) {
    auto options = options_;
    options.certificate_file = base_ / "missing.pem";
    EXPECT_EQ(Server::start(router_, workers_, metrics_, options).error().reason,
              "http.certificate");
    options = options_;
    options.key_file = options.certificate_file;
    EXPECT_EQ(Server::start(router_, workers_, metrics_, options).error().reason,
              "http.certificate");
}

}  // namespace
}  // namespace qiao::http
