package io.chasqui.server.fuzz;

import java.util.List;
import java.util.Random;

/** Makes malformed inputs from seeds, the same from the same. */
final class MalformedInputs {

    private static final List<Maker> MAKERS =
            List.of(
                    MalformedLogins::noHeader,
                    MalformedLogins::wrongVersion,
                    MalformedLogins::beginningOnly,
                    MalformedLogins::randomOctets,
                    MalformedLogins::outOfTurn,
                    MalformedLogins::largeFrameOfStranger,
                    MalformedLogins::wrongLogin,
                    MalformedLogins::wrongVirtualHost,
                    MalformedLogins::channelBeforeOpen,
                    MalformedFrames::unknownFrameType,
                    MalformedFrames::wrongFrameEnd,
                    MalformedFrames::largeFrame,
                    MalformedFrames::wrongChannel,
                    MalformedMethods::serverMethod,
                    MalformedMethods::connectionMethodOnChannel,
                    MalformedMethods::unknownMethod,
                    MalformedMethods::cutArguments,
                    MalformedMethods::octetsAfterArguments,
                    MalformedTables::wrongFieldType,
                    MalformedTables::wrongTableSize,
                    MalformedTables::deepTable,
                    MalformedMethods::brokenText,
                    MalformedContents::contentOutOfTurn,
                    MalformedContents::wrongContentHeader,
                    MalformedContents::bodyTooLong,
                    MalformedContents::absurdBodySize,
                    MalformedContents::cutProperties,
                    MalformedFrames::heartbeatMisused,
                    MalformedFrames::channelOpenedTwice,
                    MalformedMethods::channelError,
                    MalformedContents::cutSession,
                    MutatedSession::make,
                    MutatedSession::make,
                    MutatedSession::make);

    private interface Maker {
        MalformedInput make(Random random);
    }

    private MalformedInputs() {}

    static MalformedInput of(long seed) {
        Random random = new Random(seed);
        random.nextInt(); // neighbouring seeds begin alike
        return MAKERS.get(random.nextInt(MAKERS.size())).make(random);
    }
}
