"""What gunicorn reads by itself when it starts in this folder, for both processes."""

from __future__ import annotations

import resource

# A core dump would hold what people are writing at that moment, in clear.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

logger_class = "config.server_log.ServerLog"
accesslog = None
