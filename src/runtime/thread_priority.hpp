// Which threads go first when all cores are busy.
#pragma once

namespace qiao {

// Work that follows behind (shards, history, index) yields to intake and to answers: an
// acknowledged fact may wait to be applied, a client must not wait to be acknowledged. Lowers the
// calling thread by `steps` of nice(2); Linux keeps the value per thread. A refusal is ignored: it
// costs only order.
void yield_to_others(int steps);

}  // namespace qiao
