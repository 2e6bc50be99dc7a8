#!/usr/bin/python3
"""Too much, too slow, too many, and plain wrong: what the others notice.

    make bench/flood bench/load && bench/hostile.py --builddir build
    bench/hostile.py --builddir build --only fairness --seconds 30
    bench/hostile.py --builddir build --short

  overload      peak by clients that wait for their replies (bench/load), then
                three times as many requests a second for --seconds
                (bench/flood): how many are worked on, how soon the others are
                answered busy, and what a client that asks one by one is told
                from the last of them on; two seconds later all of its
                requests must be worked on, half of them no slower than before.
                Articles of --sentences: with short ones the crowd, which has
                the same processors, needs more of them than the service
  fairness      one client floods, one does not read, one sends the articles
                that take longest: times of another one, request by request
  connections   idle ones (processor time, memory), many opened and closed,
                and more than there are descriptors, on ipc and on tcp
  malformed     mutated messages and connections: exactly one reply where
                there is an envelope, none where there is not, never two

Prints a line for each figure, with "WRONG" where it is not reached; exit
status 0 where all are.  --short takes seconds, with lower numbers, and does
not judge the times, which a loaded machine decides.
"""
import argparse
import json
import os
import random
import resource
import select
import subprocess
import sys
import time

import zmq

sys.dont_write_bytecode = True
TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     "../tests/daemon")
sys.path.insert(0, TESTS)

MAGIC = b"PRECIS/1"
SECTIONS = ["overload", "fairness", "connections", "malformed"]
wrong = []


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--builddir", default=".")
    parser.add_argument("--only", action="append", choices=SECTIONS)
    parser.add_argument("--seconds", type=float, default=120,
                        help="of overload; half of it of fairness")
    parser.add_argument("--factor", type=float, default=3,
                        help="overload as a multiple of the peak")
    parser.add_argument("--sentences", type=int, default=140,
                        help="of an article of overload, of some 70 bytes")
    parser.add_argument("--clients", type=int, default=16,
                        help="that ask in overload")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--idle", type=int, default=2000)
    parser.add_argument("--churn", type=int, default=10000)
    parser.add_argument("--messages", type=int, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true")
    arguments = parser.parse_args()
    if arguments.short:
        arguments.seconds = min(arguments.seconds, 4)
        arguments.idle, arguments.churn = 200, 500
        arguments.messages = 3600
    return arguments


def say(name, text, is_right=True):
    print("%-12s %s%s" % (name, "" if is_right else "WRONG: ", text),
          flush=True)
    if not is_right:
        wrong.append(text)


def percentile(times, percent):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * percent / 100))] \
        if times else 0


def code(text):
    header = json.loads(text)
    return header["status"] if header["status"] == "ok" \
        else header["error"]["code"]


# ---- processes ----

class Task:
    """A function in a process of its own; what it returns, as JSON."""

    def __init__(self, function, *arguments):
        self.read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                os.close(self.read)
                with os.fdopen(write, "w") as file:
                    json.dump(function(*arguments), file)
                status = 0
            finally:
                os._exit(status)
        os.close(write)

    def result(self):
        with os.fdopen(self.read) as file:
            text = file.read()
        os.waitpid(self.pid, 0)
        return json.loads(text)

    def kill(self):
        os.close(self.read)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def dealer(context, endpoint):
    socket = context.socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.setsockopt(zmq.RCVHWM, 0)
    socket.connect(endpoint)
    return socket


# ---- load ----

def one_by_one(endpoint, bodies, seconds, at_least):
    """A client that asks when it is answered: times, outcomes."""
    context = zmq.Context()
    socket = dealer(context, endpoint)
    times, outcomes, replies = [], {}, []
    begin = time.monotonic()
    number = 0
    last_refused = 0
    while time.monotonic() < begin + seconds or number < at_least:
        asked = time.monotonic()
        socket.send_multipart([MAGIC, b'{"id":%d}' % number,
                               bodies[number % len(bodies)]])
        if not socket.poll(30000):
            outcomes["none"] = outcomes.get("none", 0) + 1
            break
        text = socket.recv_multipart()[1]
        times.append(time.monotonic() - asked)
        replies.append(time.monotonic() - begin)
        outcome = code(text) if json.loads(text)["id"] == number else "wrong"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if outcome != "ok":
            last_refused = replies[-1]
        number += 1
    return {"times": times, "outcomes": outcomes, "replies": replies,
            "last_refused": last_refused}


def program(arguments, name, *words):
    """Starts bench/NAME of the build."""
    return subprocess.Popen(
        [os.path.join(arguments.builddir, "bench", name),
         *[str(word) for word in words]], stdout=subprocess.PIPE, text=True)


def settled(before, after):
    """Is all as before, from two seconds after the flood on?"""
    late = [took for took, came in zip(after["times"], after["replies"])
            if came > 2]
    half, half_before = percentile(late, 50), percentile(before["times"], 50)
    return late != [] and after["last_refused"] < 2 \
        and half < 2 * half_before + 0.001, half, half_before


def overload(arguments, Service, bodies):
    from service import article
    with Service("--workers", arguments.workers) as service:
        endpoint = service.endpoints[0]
        service.context.destroy(0)
        corpus = os.path.join(service.folder, "corpus")
        with open(corpus, "wb") as file:
            for number in range(len(bodies)):
                body = article(number, arguments.sentences)
                file.write(b"%d\n%s" % (len(body), body))
        rates = []
        for requests in (2000, 2000, 2000) if arguments.short else (
                2000, 20000, 20000, 20000):
            out = program(arguments, "load", endpoint, corpus, requests, 8,
                          4).communicate()[0]
            rates.append(float(out.split()[0]))
        peak = sorted(rates[1:])[len(rates[1:]) // 2]
        say("overload", "peak %.0f a second" % peak)
        before = Task(one_by_one, endpoint, bodies, 1, 1).result()
        rate = peak * arguments.factor
        crowd = program(arguments, "flood", endpoint, corpus, rate,
                        arguments.seconds, arguments.clients)
        most = 0
        while not select.select([crowd.stdout], [], [], 0.2)[0]:
            most = max(most, service.memory())
        # Only now nothing more comes: its clock is another one than ours.
        assert crowd.stdout.readline() == "over\n"
        after = Task(one_by_one, endpoint, bodies, 4, 1)
        result = json.loads(crowd.communicate()[0])
        after = after.result()
        good = result["ok_in_time"] / arguments.seconds
        judge = not arguments.short
        say("overload", "%d requests, %.0f a second: %d ok, %d busy, %d other"
            % (result["sent"], result["sent"] / arguments.seconds,
               result["ok"], result["busy"], result["other"]),
            result["other"] == 0)
        # Where the machine has no processor left for it, it proves nothing.
        factor = result["sent"] / arguments.seconds / peak
        say("overload", "%.1f times the peak" % factor,
            factor > 0.95 * arguments.factor or not judge)
        say("overload", "worked on: %.0f a second, %.0f %% of the peak" % (
            good, 100 * good / peak), good >= 0.9 * peak or not judge)
        say("overload", "busy after %.1f ms (99 %%)" % result["busy_ms"],
            result["busy_ms"] < 50 or not judge)
        say("overload", "without a reply: %d" % result["lost"],
            result["lost"] == 0)
        say("overload", "resident memory at most %.1f MiB" % (most / 2**20),
            most < (128 << 20) or not judge)
        is_settled, half, half_before = settled(before, after)
        say("overload", "afterwards: %s, refused for %.2f s; after 2 s half "
            "of the replies within %.1f ms, before %.1f ms" % (
                after["outcomes"], after["last_refused"], half * 1000,
                half_before * 1000), is_settled or not judge)
        status = service.stop()
        say("overload", "the service ended with %d" % status, status == 0)


# ---- fairness ----

def flood(endpoint, bodies):
    context = zmq.Context()
    socket = dealer(context, endpoint)
    under_way = number = 0
    while True:
        while under_way < 500:
            socket.send_multipart([MAGIC, b"", bodies[number % len(bodies)]])
            number += 1
            under_way += 1
        while under_way > 250:
            socket.recv_multipart()
            under_way -= 1


def slow_reader(endpoint, bodies):
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RCVHWM, 1)
    socket.setsockopt(zmq.RCVBUF, 4096)
    socket.connect(endpoint)
    large = b" ".join(bodies[:40])
    header = b'{"op":"segment","text":true}'
    while True:
        socket.send_multipart([MAGIC, header, large])
        select.select([], [], [], 0.005)


def nasty_articles():
    """What takes an engine longest, each 4 MB."""
    dice = random.Random(7)
    size = 4 << 20
    word = lambda: "".join(dice.choice("abcdefghijklmnop") for _ in range(7))
    words = " ".join(word() for _ in range(size // 8)).encode()
    return [words, (b"A. " * (size // 3)), (b"Le port. " * (size // 9)),
            b"a" * size, b"\xc3\xa9\xcc\x81" * (size // 4),
            b"\xff" * size, (words[:size // 2].replace(b" ", b". ") * 2)]


def nasty(endpoint):
    context = zmq.Context()
    socket = dealer(context, endpoint)
    articles = nasty_articles()
    number = 0
    for number in range(4):
        socket.send_multipart([MAGIC, b"", articles[number]])
    while True:
        socket.recv_multipart()
        number += 1
        socket.send_multipart([MAGIC, b"", articles[number % len(articles)]])


def fairness(arguments, Service, bodies):
    with Service("--workers", arguments.workers) as service:
        endpoint = service.endpoints[0]
        service.context.destroy(0)
        enemies = [Task(flood, endpoint, bodies),
                   Task(slow_reader, endpoint, bodies),
                   Task(nasty, endpoint)]
        result = Task(one_by_one, endpoint, bodies, arguments.seconds / 2,
                      20).result()
        memory = service.memory()
        for enemy in enemies:
            enemy.kill()
        times = result["times"]
        p99 = percentile(times, 99)
        say("fairness", "%d requests of the canary: median %.1f ms, 99 %% "
            "%.1f ms, at most %.1f ms" % (
                len(times), percentile(times, 50) * 1000, p99 * 1000,
                max(times) * 1000), p99 < 1 or arguments.short)
        say("fairness", "outcomes %s" % result["outcomes"],
            set(result["outcomes"]) == {"ok"})
        say("fairness", "resident memory %.1f MiB" % (memory / 2**20))
        say("fairness", "the service ended with %d" % service.stop())


# ---- connections ----

def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def count_descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def idle_connections(arguments, service, zmtp, kind):
    pid = service.process.pid
    memory = service.memory()
    idle = []
    for _ in range(arguments.idle):
        idle.append(zmtp.greet(zmtp.connect(service.endpoints[kind])))
    name = service.endpoints[kind][:3]
    each = (service.memory() - memory) / len(idle) / 1024
    seconds = 3 if arguments.short else 15
    before, begin = cpu_seconds(pid), time.monotonic()
    select.select([], [], [], seconds)
    share = (cpu_seconds(pid) - before) / (time.monotonic() - begin)
    open_now = sum(not zmtp.is_closed(one) for one in idle)
    say("connections", "%s: %d idle, %d open: %.1f %% of a core, %.1f KiB "
        "each" % (name, len(idle), open_now, share * 100, each),
        open_now == len(idle) and (
            arguments.short or (share < 0.05 and each < 64)))
    for one in idle:
        one.close()


def churn(arguments, service, zmtp, kind):
    pid = service.process.pid
    name = service.endpoints[kind][:3]
    service.ask({"op": "ping"})
    before = count_descriptors(pid)
    begin = time.monotonic()
    for number in range(arguments.churn):
        one = zmtp.connect(service.endpoints[kind])
        if number % 3 == 0:
            one.sendall(b"\xff" * (number % 64))
        one.close()
    end = time.monotonic()
    # A tenth more: connections of this process are slow to close, too.
    while count_descriptors(pid) > before + 8 \
            and time.monotonic() < end + 30:
        service.ask({"op": "ping"})
    took = time.monotonic() - end
    say("connections", "%s: %d opened and closed, %.0f a second; "
        "descriptors %d, then %d after %.1f s" % (
            name, arguments.churn, arguments.churn / (end - begin), before,
            count_descriptors(pid), took),
        took < 15 and count_descriptors(pid) <= before + 8)


def too_many(Service, zmtp, kind):
    """More than there are descriptors."""
    few = ("sh", "-c", 'ulimit -n 256 && exec "$0" "$@"')
    with Service("--endpoint", "tcp://127.0.0.1:*",
                 "--connections-per-address", "2000", wrapper=few) as service:
        pid = service.process.pid
        endpoint = service.endpoints[kind]
        many = [zmtp.connect(endpoint) for _ in range(1000)]
        end = time.monotonic() + 20
        while sum(not zmtp.is_closed(one) for one in many) > 128 \
                and time.monotonic() < end:
            select.select([], [], [], 0.05)
        before, begin = cpu_seconds(pid), time.monotonic()
        select.select([], [], [], 2)
        share = (cpu_seconds(pid) - before) / (time.monotonic() - begin)
        for one in many:
            one.close()
        answer = service.ask({"op": "ping"})[0]["status"]
        status = service.stop()
        say("connections", "%s: 1000 connections with 256 descriptors: then "
            "%.1f %% of a core, ping %s, exit status %d" % (
                endpoint[:3], share * 100, answer, status),
            share < 0.5 and answer == "ok" and status == 0)


def connections(arguments, Service, bodies):
    import zmtp
    with Service("--endpoint", "tcp://127.0.0.1:*", "--connections", "4000",
                 "--connections-per-address", "4000") as service:
        for kind in (0, 1):
            idle_connections(arguments, service, zmtp, kind)
        for kind in (0, 1):
            churn(arguments, service, zmtp, kind)
        say("connections", "the service ended with %d" % service.stop())
    for kind in (0, 1):
        too_many(Service, zmtp, kind)


# ---- malformed ----

GOOD = [b'{"id":%d,"op":"summarize","sentences":2}', b'{"id":%d}', b"",
        b'{"id":%d,"op":"detect"}', b'{"op":"status","id":%d}',
        b'{"id":%d,"op":"segment","language":"fr","timeout_ms":5000}',
        b'{"id":%d,"query":"port","words":40,"explain":true}']
PIECES = [b"", b"{", b"}", b"[", b'"', b"\\", b"null", b"1e999", b"-0", b"\0",
          b"18446744073709551616", b"\\ud800", b"\xff", b"\xed\xa0\x80",
          b'"id":', b'"op":"ping"', b",", b":", b"[" * 300, b"9" * 400,
          b"true", b"PRECIS/1", b"\r\n", b"%n%s", b"../../etc/passwd"]


def mutate(dice, data):
    data = bytearray(data)
    for _ in range(dice.randrange(1, 5)):
        place = dice.randrange(len(data) + 1)
        choice = dice.randrange(5)
        if choice == 0 and data:
            data[place % len(data)] ^= 1 << dice.randrange(8)
        elif choice == 1:
            data[place:place] = dice.choice(PIECES)
        elif choice == 2:
            del data[place:place + dice.randrange(20)]
        elif choice == 3:
            data[place:place + 8] = dice.choice(PIECES)
        else:
            data += data[place:place + 50]
    return bytes(data)


def malformed_message(dice, number, body):
    """Parts, and whether there must be a reply."""
    header = dice.choice(GOOD)
    header = header % number if b"%" in header else header
    parts = [MAGIC, header, body[:dice.randrange(400)]]
    choice = dice.randrange(8)
    if choice == 0:
        parts[0] = mutate(dice, MAGIC)
    elif choice == 1:
        parts[2] = mutate(dice, parts[2] * dice.randrange(3))
    elif choice == 2:
        parts = parts[:dice.randrange(3)]
    elif choice == 3:
        parts += [b"x" * dice.randrange(9)] * dice.randrange(1, 40)
    elif choice == 4:
        parts[dice.randrange(3)] = os.urandom(dice.randrange(300))
    else:
        parts[1] = mutate(dice, header)
    name = b"n%d" % number
    if dice.randrange(8) == 0:
        # Without a delimiter nobody can be answered.
        if MAGIC in parts[:1] or b"" in parts[:32]:
            parts = [b"x"]
        return [name] + parts, False
    return [name, b""] + parts, True


def malformed_messages(arguments, service, bodies):
    dice = random.Random(arguments.seed)
    replies, wanted = {}, set()
    outcomes = {}

    def take(socket, most):
        for _ in range(most):
            if not socket.poll(30000):
                return
            parts = socket.recv_multipart()
            if parts[0] == b"end":
                return
            replies[parts[0]] = replies.get(parts[0], 0) + 1
            text = parts[parts.index(MAGIC) + 1]
            outcomes[code(text)] = outcomes.get(code(text), 0) + 1

    begin = time.monotonic()
    number = 0
    while number < arguments.messages:
        with service.socket() as socket:
            for _ in range(50):
                parts, has_reply = malformed_message(
                    dice, number, bodies[number % len(bodies)])
                socket.send_multipart(parts)
                if has_reply:
                    wanted.add(parts[0])
                number += 1
            socket.send_multipart([b"end", b"", MAGIC, b'{"op":"ping"}'])
            take(socket, 51)
            # Those that workers had come after the ping.
            while wanted - set(replies) and socket.poll(30000):
                take(socket, 1)
            while socket.poll(0):
                take(socket, 1)
    say("malformed", "%d messages in %.1f s: %d must be answered, %d are: %s"
        % (number, time.monotonic() - begin, len(wanted), len(replies),
           outcomes), set(replies) == wanted)
    second = sum(count > 1 for count in replies.values())
    say("malformed", "second replies: %d" % second, second == 0)


def malformed_connection(dice, zmtp, connection, number):
    """Bytes that are no ZMTP, or no longer are."""
    choice = number % 6
    if choice == 0:
        connection.sendall(os.urandom(dice.randrange(1, 600)))
    elif choice == 1:
        connection.sendall(mutate(dice, zmtp.GREETING + zmtp.READY))
    elif choice == 2:
        connection.sendall(zmtp.GREETING[:dice.randrange(64)])
    elif choice == 3:
        connection.sendall(zmtp.GREETING + mutate(dice, zmtp.READY))
    else:
        zmtp.greet(connection)
        data = b"".join([zmtp.frame(MAGIC, True), zmtp.frame(b"{}", True),
                         zmtp.frame(b"Il pleut. ")])
        if choice == 4:
            data = mutate(dice, data)
        else:
            data = bytes([dice.randrange(256)]) \
                + (1 << dice.randrange(20, 64)).to_bytes(8, "big") \
                + os.urandom(dice.randrange(300))
        connection.sendall(data)


def malformed_connections(arguments, service, count):
    import zmtp
    dice = random.Random(arguments.seed + 1)
    begin = time.monotonic()
    kept = []
    for number in range(count):
        connection = zmtp.connect(service.endpoints[number % 2])
        try:
            malformed_connection(dice, zmtp, connection, number)
        except OSError:
            pass  # cut already, which is right
        kept.append(connection)
        if len(kept) > 40:
            kept.pop(0).close()
        if number % 50 == 0:
            service.ask({"op": "ping"})
    say("malformed", "%d connections in %.1f s" % (
        count, time.monotonic() - begin))


def malformed(arguments, Service, bodies):
    with Service("--endpoint", "tcp://127.0.0.1:*") as service:
        malformed_messages(arguments, service, bodies)
        malformed_connections(arguments, service, arguments.messages // 4)
        header, summary = service.ask({}, bodies[0])
        say("malformed", "afterwards a request is answered: %s"
            % header["status"], header["status"] == "ok" and summary)
        memory = service.memory()
        status = service.stop()
        say("malformed", "resident memory %.1f MiB, exit status %d" % (
            memory / 2**20, status), status == 0)


def main():
    arguments = parse_arguments()
    os.environ["abs_top_builddir"] = os.path.abspath(arguments.builddir)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (hard if hard < 8192 else 8192, hard))
    from service import Service, article
    bodies = [article(number, 28) for number in range(200)]
    run = {"overload": overload, "fairness": fairness,
           "connections": connections, "malformed": malformed}
    for name in arguments.only or SECTIONS:
        run[name](arguments, Service, bodies)
    sys.exit(1 if wrong else 0)


main()
