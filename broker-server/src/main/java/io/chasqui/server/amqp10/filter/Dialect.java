package io.chasqui.server.amqp10.filter;

/** Which SQL a selector is written in. */
enum Dialect {
    /** Filter Expressions 1.0 §6: {@code amqp:sql-filter}. */
    AMQP,
    /** JMS 3.1 §3.8.1: {@code apache.org:selector-filter:string}. */
    JMS
}
