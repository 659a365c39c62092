package io.chasqui.core.queue;

import io.chasqui.core.store.Lsn;
import java.util.function.IntConsumer;

/**
 * The way of one index's pages between memory and the page file.
 *
 * <p>A page is <i>spillable</i> when memory for all its 4096 entries is held, no message will be
 * appended to it, and the cursor has not come to it, so that every live entry is ready. Of these the
 * pages nearest to the cursor stay in memory, the others are written out, last page first.
 *
 * <pre>
 *                  write starts            slot told
 *     RESIDENT  ───────────────► WRITING ─────────────► SPILLED
 *        ▲ ▲  ◄─────────────────    │                      │ cursor comes near, purge, search
 *        │ │    changed, entered,   │                      ▼
 *        │ └──── write failed ──────┘        read ────► LOADING ──► lost (not intact)
 *        └───────────────────────────────────────────────┘
 * </pre>
 */
final class PageTraffic {

    /** Spillable pages that stay in memory while the pool is over its budget. */
    static final int PAGES_UNDER_PRESSURE = 2;

    /** Bounds what one queue may have queued at the I/O thread: 512 KiB. */
    private static final int WRITES_AT_ONCE = 8;

    private final long queueId;
    private final PagePool pool;
    private final int segmentBits;
    private final int residentPages;
    private final PageDirectory pages;
    private final Owner owner;
    private PageIo io;
    private int spillable;
    private int writing;
    private boolean spilling;
    private boolean recovering;
    private boolean staying;

    PageTraffic(
            long queueId,
            PagePool pool,
            PageIo io,
            int segmentBits,
            int residentPages,
            PageDirectory pages,
            Owner owner) {
        this.queueId = queueId;
        this.pool = pool;
        this.io = io;
        this.segmentBits = segmentBits;
        this.residentPages = residentPages;
        this.pages = pages;
        this.owner = owner;
    }

    /** Told when a page has come from disk. */
    interface Owner {

        void pageArrived(IndexPage page);

        /** The page cannot be read; {@code was} says what was in it. */
        void pageLost(IndexPage page, SpilledPage was);
    }

    /**
     * While acknowledgements are replayed, in whatever order, pages are only spilled when memory runs
     * out: else every second one might have to read a page and write another.
     */
    void beginRecovery() {
        recovering = true;
    }

    /** Replaces the port; no transfer may be under way. */
    void endRecovery(PageIo newIo) {
        recovering = false;
        io = newIo;
        spillExcess();
    }

    /** Whether pages are spilled only when memory runs out: any of them is needed at any time. */
    void stayInMemory(boolean stay) {
        staying = stay;
        if (!stay) {
            spillExcess();
        }
    }

    int spillable() {
        return spillable;
    }

    void spillable(IndexPage page, boolean is) {
        if (page.spillable != is) {
            page.spillable = is;
            spillable += is ? 1 : -1;
        }
    }

    /** Starts writing out the pages that are too many in memory. */
    void spillExcess() {
        if (spilling) {
            return;
        }
        int excess = spillable - pagesToStay();
        spilling = true;
        for (int place = pages.size() - 1; excess > 0 && writing < WRITES_AT_ONCE; place--) {
            IndexPage page = pages.at(place);
            if (page.spillable) {
                startWrite(page);
                excess--;
            }
        }
        spilling = false;
    }

    private int pagesToStay() {
        if (pool.overBudget()) {
            return Math.min(residentPages, PAGES_UNDER_PRESSURE);
        }
        return recovering || staying ? Integer.MAX_VALUE : residentPages;
    }

    private void startWrite(IndexPage page) {
        spillable(page, false);
        PageWrite write = new PageWrite(page, SpilledPage.of(page, segmentBits));
        page.place = IndexPage.Place.WRITING;
        page.transfer = write;
        writing++;
        io.write(queueId, page.number, page.bytes(), write);
    }

    /** The page changes or is needed: what is being written of it will be thrown away. */
    void callOffWrite(IndexPage page) {
        if (page.place == IndexPage.Place.WRITING) {
            page.place = IndexPage.Place.RESIDENT;
            page.transfer = null;
        }
    }

    /** Starts reading a spilled page; does nothing if it is elsewhere. */
    void load(IndexPage page) {
        SpilledPage spilled = page.spilled;
        if (page.place != IndexPage.Place.SPILLED || spilled == null) {
            return;
        }
        page.place = IndexPage.Place.LOADING;
        page.openWhole(pool);
        io.read(spilled.slot(), queueId, page.number, page.bytes(), new PageRead(page, spilled));
    }

    /** Gives back everything that a page holds which is no longer in the index. */
    void discard(IndexPage page) {
        spillable(page, false);
        callOffWrite(page);
        SpilledPage spilled = page.spilled;
        if (spilled != null) {
            io.release(spilled.slot());
            page.spilled = null;
        }
        page.close(pool);
        page.positions = null;
        page.number = -1;
    }

    private final class PageWrite implements IntConsumer {

        private final IndexPage page;
        private final SpilledPage content;

        PageWrite(IndexPage page, SpilledPage content) {
            this.page = page;
            this.content = content;
        }

        @Override
        public void accept(int slot) {
            writing--;
            boolean calledOff = page.transfer != this;
            if (slot == PageIo.FAILED) {
                if (!calledOff) {
                    callOffWrite(page);
                    spillable(page, true);
                }
                return; // tried again when the next page is complete, not at once
            }
            if (calledOff) {
                io.release(slot);
            } else {
                page.transfer = null;
                page.place = IndexPage.Place.SPILLED;
                page.spilled = content.inSlot(slot);
                page.close(pool);
            }
            spillExcess();
        }
    }

    private final class PageRead implements PageIo.Arrival {

        private final IndexPage page;
        private final SpilledPage spilled;

        PageRead(IndexPage page, SpilledPage spilled) {
            this.page = page;
            this.spilled = spilled;
        }

        @Override
        public void arrived(boolean intact) {
            page.spilled = null;
            page.place = IndexPage.Place.RESIDENT;
            io.release(spilled.slot());
            if (intact) {
                if (spilled.survivor()) {
                    eraseTransient();
                }
                owner.pageArrived(page);
            } else {
                page.close(pool);
                owner.pageLost(page, spilled);
            }
        }

        private void eraseTransient() {
            for (int index = page.first(); index < page.used(); index++) {
                if (Lsn.isTransient(page.position(index))) {
                    page.erase(index);
                }
            }
        }
    }
}
