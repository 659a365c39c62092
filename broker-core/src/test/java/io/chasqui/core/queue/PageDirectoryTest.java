package io.chasqui.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PageDirectoryTest {

    @Test
    void finds_pages_by_number_like_a_sorted_map_whatever_was_removed() {
        SplittableRandom random = new SplittableRandom(815);
        PageDirectory directory = new PageDirectory();
        TreeMap<Long, IndexPage> model = new TreeMap<>();
        long number = 0;
        for (int step = 0; step < 50_000; step++) {
            boolean grows = step / 2000 % 2 == 0;
            if (random.nextInt(100) < (grows ? 70 : 25)) {
                number += random.nextInt(8) == 0 ? 1 + random.nextInt(50) : 1;
                IndexPage page = new IndexPage();
                page.number = number;
                directory.add(page);
                model.put(number, page);
            } else if (!model.isEmpty()) {
                Long target = model.firstKey();
                if (random.nextInt(3) == 0) {
                    target = model.ceilingKey(random.nextLong(target, model.lastKey() + 1));
                }
                directory.remove(model.remove(target));
            } else {
                directory.trim();
            }
            long sought = random.nextLong(number + 3);
            assertThat(directory.size()).isEqualTo(model.size());
            assertThat(directory.find(sought))
                    .isSameAs(model.getOrDefault(sought, IndexPage.NO_PAGE));
            assertThat(directory.ceiling(sought)).isEqualTo(model.headMap(sought).size());
        }
        int place = 0;
        for (IndexPage page : model.values()) {
            assertThat(directory.at(place++)).isSameAs(page);
        }
    }
}
