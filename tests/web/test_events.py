import asyncio

from movie_sync.web.events import Events


async def heard(events, lines, most):
    async for chunk in events.listen():
        lines += [line for line in chunk.decode().splitlines() if line.startswith("event: ")]
        if len(lines) >= most:
            return


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_change_is_told_to_everyone_who_listens_by_one_look():
    looked = []

    async def play():
        told = [[] for _ in range(20)]
        tasks = [asyncio.create_task(heard(events, lines, 2)) for lines in told]
        await asyncio.wait_for(asyncio.gather(*tasks), 60)
        return told

    def look():
        looked.append(len(looked))
        return {"films": len(looked) >= 3, "moving": 0}

    events = Events(look, every_s=0.01)
    assert asyncio.run(play()) == [["event: hello", "event: films"]] * 20
    assert len(looked) < 10


def test_nobody_looks_while_nobody_listens():
    looked = []

    async def play():
        listening = asyncio.create_task(heard(events, [], 99))
        await until(lambda: len(looked) > 2)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await until(events._watching.done)
        count = len(looked)
        await asyncio.sleep(0.05)
        return count

    events = Events(lambda: looked.append(1) or {}, every_s=0.01)
    assert asyncio.run(play()) == len(looked) > 0


def test_everyone_is_let_go_at_the_end():
    async def play():
        lines = []
        listening = asyncio.create_task(heard(events, lines, 99))
        await until(lambda: lines)
        await asyncio.to_thread(events.end)
        await asyncio.wait_for(listening, 10)  # no heartbeat wakes it so soon
        return lines

    events = Events(dict, every_s=0.01)
    assert asyncio.run(play()) == ["event: hello", "event: bye"]
    assert events.listeners == 0
