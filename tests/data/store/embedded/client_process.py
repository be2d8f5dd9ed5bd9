"""A process that uses the embedded server: obeys one JSON command per line, answers each with one JSON line.

Usage: client_process.py HOME [FOLDER_FOR_SYS_PATH ...]
"""

import json
import os
import sys
from pathlib import Path
from typing import Any


def obey(server: Any, command: dict[str, Any]) -> Any:
    match command["do"]:
        case "ensure":
            address = server.ensure()
            return {"port": address.port, "password": address.password}
        case "query":
            import psycopg

            with psycopg.connect(server.ensure().url("postgresql"), autocommit=True) as connection:
                cursor = connection.execute(command["sql"])
                return [list(row) for row in cursor.fetchall()] if cursor.description else None
        case "release":
            return server.release()
        case "status":
            status = server.status()
            return {"running": status.running, "pid": status.pid, "users": list(status.users)}
        case "fork and exit":  # through the atexit hooks, as a child does that runs off its end
            if (child := os.fork()) == 0:
                sys.exit(0)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        case "become":
            os.execv(command["program"][0], command["program"])
    raise ValueError(f"unknown command {command}")


def main() -> None:
    sys.path[:0] = sys.argv[2:]
    from ai_pro_sports.core.errors import AipsError
    from ai_pro_sports.data.store.embedded import EmbeddedPostgres

    server = EmbeddedPostgres(Path(sys.argv[1]))
    for line in sys.stdin:
        try:
            answer = {"answer": obey(server, json.loads(line))}
        except AipsError as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
