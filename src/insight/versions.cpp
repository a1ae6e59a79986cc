#include "insight/versions.hpp"

namespace qiao::insight {

Versions versions_of(Form& form) {
    Versions made;
    made.by = form.text("version_by", made.by);
    made.now = form.text("version");
    made.before = form.text("than");
    if (made.are_compared() && made.now.empty())
        form.refuse(form.pointer("than"), "Name the version that is compared with this one.");
    return made;
}

}  // namespace qiao::insight
