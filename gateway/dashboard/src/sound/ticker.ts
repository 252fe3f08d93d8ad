// A worker that only says "a second has passed": the timers of a hidden page are held back up to a minute, a worker's are not.
setInterval(() => postMessage(0), 1000);
