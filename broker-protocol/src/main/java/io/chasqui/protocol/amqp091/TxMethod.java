package io.chasqui.protocol.amqp091;

/** Class 90: transactions of publishes and acknowledgements (grammar "tx"). */
public sealed interface TxMethod extends Method {

    record Select() implements TxMethod {}

    record SelectOk() implements TxMethod {}

    record Commit() implements TxMethod {}

    record CommitOk() implements TxMethod {}

    record Rollback() implements TxMethod {}

    record RollbackOk() implements TxMethod {}
}
