// Receives greetings from the queue "hello".
//
//	hello_consumer [count]
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
	if err := receive(count); err != nil {
		log.Fatal(err)
	}
}

func receive(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("hello", false, false, false, false, nil)
	if err != nil {
		return err
	}
	deliveries, err := ch.Consume(queue.Name, "", true, false, false, false, nil)
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
			fmt.Printf("received %s\n", d.Body)
		case <-time.After(patience):
			return errors.New("no message came")
		}
	}
	return nil
}
