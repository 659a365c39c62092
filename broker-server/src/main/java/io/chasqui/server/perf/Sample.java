package io.chasqui.server.perf;

/**
 * What all workers had counted at a moment, or between two.
 *
 * @param nanos the moment, or the time between the two
 * @param delivery from the sending of a message to its arrival at a consumer
 * @param confirm from the sending of a message to its confirm
 */
record Sample(
        long nanos,
        long sent,
        long confirmed,
        long nacked,
        long received,
        Latencies delivery,
        Latencies confirm) {

    static Sample at(long nanos) {
        return new Sample(nanos, 0, 0, 0, 0, Latencies.NONE, Latencies.NONE);
    }

    Sample plusPublisher(long sent, long confirmed, long nacked, Latencies confirm) {
        return new Sample(
                nanos,
                this.sent + sent,
                this.confirmed + confirmed,
                this.nacked + nacked,
                received,
                delivery,
                this.confirm.plus(confirm));
    }

    Sample plusConsumer(long received, Latencies delivery) {
        return new Sample(
                nanos,
                sent,
                confirmed,
                nacked,
                this.received + received,
                this.delivery.plus(delivery),
                confirm);
    }

    Sample since(Sample earlier) {
        return new Sample(
                nanos - earlier.nanos,
                sent - earlier.sent,
                confirmed - earlier.confirmed,
                nacked - earlier.nacked,
                received - earlier.received,
                delivery.minus(earlier.delivery),
                confirm.minus(earlier.confirm));
    }

    double perSecond(long count) {
        return nanos == 0 ? 0 : count * 1e9 / nanos;
    }
}
