# Compiles migrations/NNNN_module_what.sql into the library qiao_sql as sql::all_migrations().
# The file is both parts: included by CMakeLists.txt, and run as a script when a migration changed.
if(NOT CMAKE_SCRIPT_MODE_FILE)
    file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
    set(generated ${CMAKE_BINARY_DIR}/generated/migrations.cpp)
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -DFROM=${CMAKE_SOURCE_DIR}/migrations -DTO=${generated}
                -P ${CMAKE_CURRENT_LIST_FILE}
        DEPENDS ${migrations} ${CMAKE_CURRENT_LIST_FILE}
        VERBATIM)
    target_sources(qiao_sql PRIVATE ${generated})
    return()
endif()

cmake_minimum_required(VERSION 3.25)
file(GLOB migrations ${FROM}/*.sql)
list(SORT migrations)
set(entries "")
set(numbers "")
foreach(migration ${migrations})
    get_filename_component(name ${migration} NAME_WE)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
        message(FATAL_ERROR "${migration}: a migration is named NNNN_module_what.sql")
    endif()
    set(number ${CMAKE_MATCH_1})
    if(number IN_LIST numbers)
        message(FATAL_ERROR "${migration}: the number ${number} is taken")
    endif()
    list(APPEND numbers ${number})
    string(REGEX REPLACE "^0+" "" plain ${number})
    file(READ ${migration} text)
    string(APPEND entries "        {${plain}, \"${name}\", R\"sql~(${text})sql~\"},\n")
endforeach()
file(WRITE ${TO} "#include \"sql/migrations.hpp\"

namespace qiao::sql {

const std::vector<Migration>& all_migrations() {
    static const std::vector<Migration> migrations = {
${entries}    };
    return migrations;
}

}  // namespace qiao::sql
")
