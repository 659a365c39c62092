package io.chasqui.core.exchange;

/**
 * 64-bit hashes that are the same in every process and version: which queue a key belongs to must
 * not change with a restart.
 */
final class Hash {

    /** 2^64 divided by the golden ratio, made odd. */
    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final long FNV_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Hash() {}

    /** FNV-1a over the UTF-16 units, whose weak low bits are then spread over all others. */
    static long of(String text) {
        long hash = FNV_BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mixed(hash);
    }

    /** A bijection in which every bit of the input changes half of the output's (SplitMix64). */
    static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
