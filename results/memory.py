#!/usr/bin/env python3
"""Peak memory of the default training, by the start script and by the plain jar: writes results/memory.csv.

Run it in the top folder after `mvn package`. Peak memory is the largest resident set that Linux counted.
"""
import os
import subprocess
import tempfile

import origin

WAYS = {
    "./beras train": ["./beras", "train"],
    "java -jar beras.jar train": ["java", "--add-modules", "jdk.incubator.vector", "-jar", "beras.jar", "train"],
}
RUNS = 3


def main():
    lines = [origin.line().rstrip(), "command,run,peak_mb,jdk,machine"]
    for run in range(1, RUNS + 1):
        for name, command in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                process = subprocess.Popen(command + ["--out", folder + "/model.beras"], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                _, status, used = os.wait4(process.pid, 0)
                if status:
                    raise SystemExit(f"{name} failed: {status}")
                lines.append(f"{name},{run},{used.ru_maxrss / 1024:.0f},{origin.jdk()},{origin.machine()}")
                print(lines[-1])
    with open("results/memory.csv", "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
