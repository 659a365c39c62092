package io.chasqui.core.queue;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Reads an index page as the page file has it. */
public final class PageContents {

    private PageContents() {}

    /** Tells the live positions in {@code [from, to)} of a page. */
    public static void livePositions(ByteBuffer page, long from, long to, LongConsumer sink) {
        for (int at = 0; at < IndexPage.BYTES; at += IndexPage.ENTRY_BYTES) {
            long position = page.getLong(at);
            boolean live = IndexPage.state(page.getLong(at + Long.BYTES)) != IndexPage.GONE;
            if (live && position >= from && position < to) {
                sink.accept(position);
            }
        }
    }
}
