#include "live/spare.h"

#include <fcntl.h>

bool spare_is_there(const uv_loop_t *loop)
{
    return loop->emfile_fd >= 0;
}

bool spare_keep(uv_loop_t *loop)
{
    if (!spare_is_there(loop)) {
        loop->emfile_fd = fcntl(loop->backend_fd, F_DUPFD_CLOEXEC, 0);
    }
    return loop->emfile_fd >= 0;
}
