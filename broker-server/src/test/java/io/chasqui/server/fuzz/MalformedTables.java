package io.chasqui.server.fuzz;

import io.chasqui.protocol.amqp091.FieldTable;
import io.chasqui.protocol.amqp091.ReplyCode;
import io.chasqui.server.testing.ScriptedPeer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Field tables that cannot be read, in arguments and in the headers of messages (0-9-1 §4.2.5.5). */
final class MalformedTables {

    private MalformedTables() {}

    static MalformedInput wrongFieldType(Random random) {
        byte[] table = {
            0, 0, 0, 7, 1, 'k', Octets.anyOf(random, (byte) 'z', (byte) 'Q', (byte) 0), 0, 0, 0, 0
        };
        return table("unknown field type", random, table);
    }

    static MalformedInput wrongTableSize(Random random) {
        ByteBuffer table = ByteBuffer.allocate(11);
        table.putInt(Octets.anyOf(random, 8, 100, 70_000, Integer.MAX_VALUE, -1));
        table.put(new byte[] {1, 'k', 'I', 0, 0, 0, 0});
        return table("table size beyond the frame", random, table.array());
    }

    static MalformedInput deepTable(Random random) {
        int depth = FieldTable.MAX_DEPTH + 1 + random.nextInt(2000);
        ByteBuffer table = ByteBuffer.allocate(4 + 7 * depth);
        for (int left = depth; left > 0; left--) {
            table.putInt(7 * left).put((byte) 1).put((byte) 'k').put((byte) 'F');
        }
        table.putInt(0);
        return table("table too deep", random, table.array());
    }

    /** A table as argument of queue.declare, or as headers of a message. */
    private static MalformedInput table(String kind, Random random, byte[] table) {
        if (random.nextBoolean()) {
            byte[] payload = Parts.payload(Parts.declare("fuzz", FieldTable.EMPTY));
            return MalformedInput.closes(
                    kind + " in arguments",
                    Stage.CHANNEL,
                    ScriptedPeer.frame(
                            1, 1, Octets.joined(Arrays.copyOf(payload, payload.length - 4), table)),
                    ReplyCode.FRAME_ERROR,
                    ReplyCode.SYNTAX_ERROR);
        }
        byte[] properties = Octets.joined(new byte[] {0x20, 0}, table);
        return MalformedInput.closes(
                kind + " in headers",
                Stage.CHANNEL,
                Parts.content(5, properties),
                ReplyCode.FRAME_ERROR,
                ReplyCode.SYNTAX_ERROR);
    }
}
