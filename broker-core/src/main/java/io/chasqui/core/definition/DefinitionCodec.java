package io.chasqui.core.definition;

import io.chasqui.core.definition.DefinitionChange.BindingAdded;
import io.chasqui.core.definition.DefinitionChange.BindingRemoved;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeclared;
import io.chasqui.core.definition.DefinitionChange.ExchangeDeleted;
import io.chasqui.core.definition.DefinitionChange.ParameterCleared;
import io.chasqui.core.definition.DefinitionChange.ParameterSet;
import io.chasqui.core.definition.DefinitionChange.PermissionCleared;
import io.chasqui.core.definition.DefinitionChange.PermissionSet;
import io.chasqui.core.definition.DefinitionChange.PolicyCleared;
import io.chasqui.core.definition.DefinitionChange.PolicySet;
import io.chasqui.core.definition.DefinitionChange.QueueDeclared;
import io.chasqui.core.definition.DefinitionChange.QueueDeleted;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionCleared;
import io.chasqui.core.definition.DefinitionChange.TopicPermissionSet;
import io.chasqui.core.definition.DefinitionChange.UserDeleted;
import io.chasqui.core.definition.DefinitionChange.UserLimitsSet;
import io.chasqui.core.definition.DefinitionChange.UserPut;
import io.chasqui.core.definition.DefinitionChange.VirtualHostAdded;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDeleted;
import io.chasqui.core.definition.DefinitionChange.VirtualHostDescribed;
import java.nio.ByteBuffer;

/**
 * A definition change as octets, for the commit log and for checkpoints.
 *
 * <pre>
 *  +---------+------+--------+------------------------------------------------------+
 *  | version | kind | vhost  | by kind                                              |
 *  | u8 = 1  | u8   | string |                                                      |
 *  +---------+------+--------+------------------------------------------------------+
 *    1 virtual host added      -
 *    2 virtual host deleted    -
 *    3 exchange declared       name string, type string, flags u8, arguments table
 *    4 exchange deleted        name string
 *    5 queue declared          id i64, name string, flags u8, arguments table
 *    6 queue deleted           name string, id i64
 *    7 binding added           source string, to u8 (0 queue, 1 exchange),
 *    8 binding removed           destination string, routing key string, arguments table
 *    9 user put                name string, password hash, tags i32, that many strings
 *   10 user deleted            name string
 *   11 permission set          user string, configure string, write string, read string
 *   12 permission cleared      user string
 *   13 policy set              kind u8 (0 user's, 1 operator's), name string, pattern string,
 *                                apply-to string, priority i64, definition table
 *   14 policy cleared          kind u8, name string
 *   15 parameter set           component string, name string, table with the value as "value"
 *   16 parameter cleared       component string, name string
 *   17 topic permission set    user string, exchange string, write string, read string
 *   18 topic permission clear  user string, exchange string
 *   19 user limits set         user string, limits table
 *   20 virtual host described  description string, tags i32, that many strings,
 *                                default queue type string; no longer written
 *   21 virtual host described  as 20, then protected from deletion u8 (0 no, 1 yes)
 *
 *  hash     algorithm u8 (0 none, 1 PBKDF2-HMAC-SHA512, 2 RabbitMQ's SHA-256, 3 its SHA-512),
 *           iterations i32, salt binary, digest binary
 *  flags    1 durable, 2 auto-delete, 4 internal (exchange) or exclusive (queue); others 0
 *  string   length i32, that many octets of UTF-8
 *  table    count i32, then each: name string, value
 *  value    type u8, the letters of 0-9-1 §4.2.1 as RabbitMQ reads them, then
 *           t u8 | b i8 | s i16 | I i32 | l i64 | f f32 | d f64 | S string | V nothing
 *           D scale i32, unscaled binary | T seconds i64, nanoseconds i32 | x binary
 *           A count i32, that many values | F table
 *  binary   length i32, octets
 * </pre>
 *
 * All numbers are big-endian. A reader refuses a version, kind, type or flag which it does not
 * know, a length that goes past the end, and octets left over. Kinds from 9 on, whose virtual host is
 * empty where they concern the whole broker, came after the first data directories were written.
 */
public final class DefinitionCodec {

    static final byte VERSION = 1;

    private static final byte VIRTUAL_HOST_ADDED = 1;
    private static final byte VIRTUAL_HOST_DELETED = 2;
    private static final byte EXCHANGE_DECLARED = 3;
    private static final byte EXCHANGE_DELETED = 4;
    private static final byte QUEUE_DECLARED = 5;
    private static final byte QUEUE_DELETED = 6;
    private static final byte BINDING_ADDED = 7;
    private static final byte BINDING_REMOVED = 8;
    private static final byte USER_PUT = 9;
    private static final byte USER_DELETED = 10;
    private static final byte PERMISSION_SET = 11;
    private static final byte PERMISSION_CLEARED = 12;
    private static final byte POLICY_SET = 13;
    private static final byte POLICY_CLEARED = 14;
    private static final byte PARAMETER_SET = 15;
    private static final byte PARAMETER_CLEARED = 16;
    private static final byte TOPIC_PERMISSION_SET = 17;
    private static final byte TOPIC_PERMISSION_CLEARED = 18;
    private static final byte USER_LIMITS_SET = 19;
    private static final byte VIRTUAL_HOST_DESCRIBED_UNPROTECTED = 20;
    private static final byte VIRTUAL_HOST_DESCRIBED = 21;

    private static final int DURABLE = 1;
    private static final int AUTO_DELETE = 2;
    private static final int THIRD_FLAG = 4;

    private DefinitionCodec() {}

    /** The octets of the change, from position 0 to the limit. */
    public static ByteBuffer encode(DefinitionChange change) {
        DefinitionWriter out = new DefinitionWriter();
        out.octet(VERSION);
        out.octet(kind(change));
        out.text(change.vhost());
        switch (change) {
            case VirtualHostAdded _, VirtualHostDeleted _ -> {}
            case VirtualHostDescribed described ->
                    PolicyCodec.writeDescription(out, described.description());
            case ExchangeDeclared declared -> writeExchange(out, declared.exchange());
            case ExchangeDeleted deleted -> out.text(deleted.exchange());
            case QueueDeclared declared -> writeQueue(out, declared.queue());
            case QueueDeleted deleted -> {
                out.text(deleted.queue());
                out.int64(deleted.id());
            }
            case BindingAdded added -> writeBinding(out, added.binding());
            case BindingRemoved removed -> writeBinding(out, removed.binding());
            case UserPut put -> AccessCodec.writeUser(out, put.user());
            case UserDeleted deleted -> out.text(deleted.user());
            case PermissionSet set -> AccessCodec.writePermission(out, set.permission());
            case PermissionCleared cleared -> out.text(cleared.user());
            case PolicySet set -> PolicyCodec.writePolicy(out, set.policy());
            case PolicyCleared cleared -> {
                PolicyCodec.writeKind(out, cleared.kind());
                out.text(cleared.policy());
            }
            case ParameterSet set -> PolicyCodec.writeParameter(out, set.parameter());
            case ParameterCleared cleared -> {
                out.text(cleared.component());
                out.text(cleared.parameter());
            }
            case TopicPermissionSet set -> PolicyCodec.writeTopicPermission(out, set.permission());
            case TopicPermissionCleared cleared -> {
                out.text(cleared.user());
                out.text(cleared.exchange());
            }
            case UserLimitsSet set -> {
                out.text(set.user());
                out.table(set.limits().asMap());
            }
        }
        return out.octets();
    }

    /**
     * Reads one change from all remaining octets of {@code octets}, and leaves none.
     *
     * @throws DefinitionFormatException if they are anything but one change of this version
     */
    public static DefinitionChange decode(ByteBuffer octets) {
        DefinitionReader in = new DefinitionReader(octets);
        byte version = in.octet();
        if (version != VERSION) {
            throw new DefinitionFormatException("unknown version " + version + " of a definition");
        }
        byte kind = in.octet();
        String vhost = in.text();
        DefinitionChange change =
                switch (kind) {
                    case VIRTUAL_HOST_ADDED -> new VirtualHostAdded(vhost);
                    case VIRTUAL_HOST_DELETED -> new VirtualHostDeleted(vhost);
                    case EXCHANGE_DECLARED -> new ExchangeDeclared(vhost, readExchange(in));
                    case EXCHANGE_DELETED -> new ExchangeDeleted(vhost, in.text());
                    case QUEUE_DECLARED -> new QueueDeclared(vhost, readQueue(in));
                    case QUEUE_DELETED -> new QueueDeleted(vhost, in.text(), in.int64());
                    case BINDING_ADDED -> new BindingAdded(vhost, readBinding(in));
                    case BINDING_REMOVED -> new BindingRemoved(vhost, readBinding(in));
                    case USER_PUT -> new UserPut(AccessCodec.readUser(in));
                    case USER_DELETED -> new UserDeleted(in.text());
                    case PERMISSION_SET -> new PermissionSet(vhost, AccessCodec.readPermission(in));
                    case PERMISSION_CLEARED -> new PermissionCleared(vhost, in.text());
                    case POLICY_SET -> new PolicySet(vhost, PolicyCodec.readPolicy(in));
                    case POLICY_CLEARED ->
                            new PolicyCleared(vhost, PolicyCodec.readKind(in), in.text());
                    case PARAMETER_SET -> new ParameterSet(vhost, PolicyCodec.readParameter(in));
                    case PARAMETER_CLEARED -> new ParameterCleared(vhost, in.text(), in.text());
                    case TOPIC_PERMISSION_SET ->
                            new TopicPermissionSet(vhost, PolicyCodec.readTopicPermission(in));
                    case TOPIC_PERMISSION_CLEARED ->
                            new TopicPermissionCleared(vhost, in.text(), in.text());
                    case VIRTUAL_HOST_DESCRIBED_UNPROTECTED ->
                            new VirtualHostDescribed(
                                    vhost, PolicyCodec.readUnprotectedDescription(in));
                    case VIRTUAL_HOST_DESCRIBED ->
                            new VirtualHostDescribed(vhost, PolicyCodec.readDescription(in));
                    case USER_LIMITS_SET -> new UserLimitsSet(in.text(), in.arguments());
                    default ->
                            throw new DefinitionFormatException(
                                    "unknown kind " + kind + " of a definition change");
                };
        in.expectEnd();
        return change;
    }

    private static byte kind(DefinitionChange change) {
        return switch (change) {
            case VirtualHostAdded _ -> VIRTUAL_HOST_ADDED;
            case VirtualHostDeleted _ -> VIRTUAL_HOST_DELETED;
            case ExchangeDeclared _ -> EXCHANGE_DECLARED;
            case ExchangeDeleted _ -> EXCHANGE_DELETED;
            case QueueDeclared _ -> QUEUE_DECLARED;
            case QueueDeleted _ -> QUEUE_DELETED;
            case BindingAdded _ -> BINDING_ADDED;
            case BindingRemoved _ -> BINDING_REMOVED;
            case UserPut _ -> USER_PUT;
            case UserDeleted _ -> USER_DELETED;
            case PermissionSet _ -> PERMISSION_SET;
            case PermissionCleared _ -> PERMISSION_CLEARED;
            case PolicySet _ -> POLICY_SET;
            case PolicyCleared _ -> POLICY_CLEARED;
            case ParameterSet _ -> PARAMETER_SET;
            case ParameterCleared _ -> PARAMETER_CLEARED;
            case TopicPermissionSet _ -> TOPIC_PERMISSION_SET;
            case TopicPermissionCleared _ -> TOPIC_PERMISSION_CLEARED;
            case UserLimitsSet _ -> USER_LIMITS_SET;
            case VirtualHostDescribed _ -> VIRTUAL_HOST_DESCRIBED;
        };
    }

    private static void writeExchange(DefinitionWriter out, ExchangeDefinition exchange) {
        out.text(exchange.name());
        out.text(exchange.type().wireName());
        out.octet(flags(exchange.durable(), exchange.autoDelete(), exchange.internal()));
        out.table(exchange.arguments().asMap());
    }

    private static ExchangeDefinition readExchange(DefinitionReader in) {
        String name = in.text();
        String typeName = in.text();
        ExchangeType type =
                ExchangeType.named(typeName)
                        .orElseThrow(() ->
                                new DefinitionFormatException(
                                        "unknown exchange type '" + typeName + "'"));
        int flags = readFlags(in);
        return new ExchangeDefinition(
                name,
                type,
                (flags & DURABLE) != 0,
                (flags & AUTO_DELETE) != 0,
                (flags & THIRD_FLAG) != 0,
                in.arguments());
    }

    private static void writeQueue(DefinitionWriter out, QueueDefinition queue) {
        out.int64(queue.id());
        out.text(queue.name());
        out.octet(flags(queue.durable(), queue.autoDelete(), queue.exclusive()));
        out.table(queue.arguments().asMap());
    }

    private static QueueDefinition readQueue(DefinitionReader in) {
        long id = in.int64();
        String name = in.text();
        int flags = readFlags(in);
        return new QueueDefinition(
                id,
                name,
                (flags & DURABLE) != 0,
                (flags & THIRD_FLAG) != 0,
                (flags & AUTO_DELETE) != 0,
                in.arguments());
    }

    private static void writeBinding(DefinitionWriter out, BindingDefinition binding) {
        out.text(binding.source());
        out.octet(
                switch (binding.kind()) {
                    case QUEUE -> (byte) 0;
                    case EXCHANGE -> (byte) 1;
                });
        out.text(binding.destination());
        out.text(binding.routingKey());
        out.table(binding.arguments().asMap());
    }

    private static BindingDefinition readBinding(DefinitionReader in) {
        String source = in.text();
        byte to = in.octet();
        DestinationKind kind =
                switch (to) {
                    case 0 -> DestinationKind.QUEUE;
                    case 1 -> DestinationKind.EXCHANGE;
                    default ->
                            throw new DefinitionFormatException(
                                    "unknown kind " + to + " of a binding's destination");
                };
        return new BindingDefinition(source, kind, in.text(), in.text(), in.arguments());
    }

    private static byte flags(boolean durable, boolean autoDelete, boolean third) {
        return (byte)
                ((durable ? DURABLE : 0)
                        | (autoDelete ? AUTO_DELETE : 0)
                        | (third ? THIRD_FLAG : 0));
    }

    private static int readFlags(DefinitionReader in) {
        byte flags = in.octet();
        if ((flags & ~(DURABLE | AUTO_DELETE | THIRD_FLAG)) != 0) {
            throw new DefinitionFormatException("unknown flags " + flags);
        }
        return flags;
    }
}
