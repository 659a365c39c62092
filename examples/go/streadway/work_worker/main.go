// Does tasks from the durable queue "tasks"; run as many workers as you like.
//
//	work_worker [count]
package main

import (
	"cmp"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/streadway/amqp"
)

const patience = 30 * time.Second

func main() {
	count := 1
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if err := work(count); err != nil {
		log.Fatal(err)
	}
}

func work(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("tasks", true, false, false, false, nil)
	if err != nil {
		return err
	}
	// One unacknowledged task at a time, so that a slow worker does not hoard what others could do.
	if err := ch.Qos(1, 0, false); err != nil {
		return err
	}
	deliveries, err := ch.Consume(queue.Name, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	fmt.Println("waiting")
	for range count {
		select {
		case d, open := <-deliveries:
			if !open {
				return errors.New("the broker closed the channel")
			}
			fmt.Printf("done %s\n", d.Body)
			// Were this worker to die before the ack, another one would get the task.
			if err := d.Ack(false); err != nil {
				return err
			}
		case <-time.After(patience):
			return errors.New("no task came")
		}
	}
	return nil
}
