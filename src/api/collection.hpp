// The intake surfaces: Segment, Sensors, CloudEvents and PostHog (docs/collect.md says what each
// supports). They sign in by write key, never by session, and answer when the facts are durable.
#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"

namespace qiao::collect {
class Intake;
class KeyRing;
}  // namespace qiao::collect

namespace qiao::api {

// All must outlive the router.
void add_collection(http::Router& router, collect::Intake& intake, const collect::KeyRing& keys,
                    const Clock& clock);

}  // namespace qiao::api
