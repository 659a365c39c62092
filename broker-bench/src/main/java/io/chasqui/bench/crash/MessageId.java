package io.chasqui.bench.crash;

/** What tells a message from all others: who published it, and as how manieth, from 0. */
record MessageId(int publisher, int sequence) {}
