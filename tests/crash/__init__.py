"""Nothing lost, nothing doubled: the queues under every kind of crash.

    promises.py    what a process was promised, and whether a disk still holds it
    worker.py      the process that works on the queues and says what it was promised
    lives.py       it is started, killed and started again
    recording.py   its system calls, as strace writes them down
    disk.py        what may be on a disk after a power cut, given those calls
    replay.py      the queues are opened in every such state
    failing.py     disks that fail or are full
    power.py       real file systems whose power is cut
    checks.py      all of them by name, short and at length
    company.py     the whole program, commands and readers at once
    mutants.py     faults put in on purpose, each of which must be found

`python -m tests.crash` does it all at length; the tests beside do a little of each.
"""
