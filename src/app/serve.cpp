#include "app/serve.hpp"

#include <signal.h>

#include <cstdio>

#include "access/roles.hpp"
#include "app/demo_job.hpp"
#include "app/server.hpp"
#include "app/tools.hpp"
#include "runtime/log.hpp"

namespace qiao::app {

namespace {

// Signals are taken by one sigwait, so that no handler runs in the middle of anything.
sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

int refuse(const Error& error) {
    std::fprintf(stderr, "Qiao cannot start: %s (%s)\n", error.detail.c_str(),
                 error.reason.c_str());
    return 1;
}

std::string address_of(const Server& server) {
    const auto& options = server.options;
    const bool is_loopback = options.address == "127.0.0.1" || options.address == "::1";
    return (options.certificate_file.empty() ? "http://" : "https://") +
           (is_loopback ? "localhost" : options.address) + ":" +
           std::to_string(server.http->port());
}

// On the first start there is nobody who could sign in: make the administrator and one link for it.
void welcome(Server& server) {
    const auto address = address_of(server);
    std::printf("\n  Qiao is ready: %s\n", address.c_str());
    if (!server.access.has_people()) {
        access::NewPerson administrator;
        administrator.login = "admin";
        administrator.name = "Administrator";
        administrator.role = "administrator";
        const auto made = server.access.create_person(access::system_principal(), administrator);
        if (made)
            std::printf(
                "  Sign in once with this link (valid for 24 hours), then set a password:\n  "
                "%s/sign-in?link=%s\n",
                address.c_str(), made->link_token.c_str());
    } else {
        std::printf(
            "  A new sign-in link for a person: ./qiao person reset --login NAME --data-dir %s\n",
            server.options.data_dir.c_str());
    }
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace

int serve(const ServeOptions& options) {
    const auto signals = stop_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    auto stores = Stores::open(options);
    if (!stores)
        return refuse(stores.error());
    Server server(options, std::move(*stores));
    if (auto started = server.start(); !started)
        return refuse(started.error());
    ControlServer control(options.data_dir, control_handler(server));
    welcome(server);
    DemoJob demo(server);

    int signal = 0;
    ::sigwait(&signals, &signal);
    log::info("stopping");
    demo.stop();
    server.stop();
    return 0;
}

}  // namespace qiao::app
