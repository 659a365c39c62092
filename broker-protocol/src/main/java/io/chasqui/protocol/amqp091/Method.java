package io.chasqui.protocol.amqp091;

/**
 * Everything two peers can say to each other: the methods of 0-9-1 and of RabbitMQ's errata, one
 * record each, in one sealed interface a class.
 *
 * <p>Fields carry the spec's names and order. Reserved fields are left out: they are skipped when
 * read and written as zero or empty. So is the access ticket, which the spec reserves too.
 */
public sealed interface Method
        permits ConnectionMethod,
                ChannelMethod,
                AccessMethod,
                ExchangeMethod,
                QueueMethod,
                BasicMethod,
                ConfirmMethod,
                TxMethod {

    /** Class and method id in one number, a constant of {@link MethodId}. */
    default int id() {
        return MethodId.of(this);
    }

    default int classId() {
        return MethodId.classOf(id());
    }

    default int methodId() {
        return MethodId.methodOf(id());
    }

    /** Whether a content header follows (0-9-1 §4.2.6). */
    default boolean carriesContent() {
        return MethodId.carriesContent(id());
    }
}
