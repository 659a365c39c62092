// Publishes and lets the broker confirm each message; then one message that no queue wants.
//
//	confirms [count]
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
	count := 100
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if err := publish(count); err != nil {
		log.Fatal(err)
	}
}

func publish(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("", false, false, true, false, nil)
	if err != nil {
		return err
	}
	if err := ch.Confirm(false); err != nil {
		return err
	}
	// Room for every confirmation: this library stops reading from the broker while a channel is full.
	confirmations := ch.NotifyPublish(make(chan amqp.Confirmation, count+1))
	returns := ch.NotifyReturn(make(chan amqp.Return, 1))

	// Publish everything first, then wait: far quicker than waiting after each message.
	for i := 1; i <= count; i++ {
		body := fmt.Sprintf("message %d", i)
		if err := ch.Publish("", queue.Name, false, false, amqp.Publishing{Body: []byte(body)}); err != nil {
			return err
		}
	}
	for range count {
		if err := await(confirmations); err != nil {
			return err
		}
	}
	fmt.Println("confirmed", count)

	// A mandatory message that reaches no queue comes back before it is confirmed.
	if err := ch.Publish("", "no-such-queue", true, false, amqp.Publishing{Body: []byte("lost")}); err != nil {
		return err
	}
	if err := await(confirmations); err != nil {
		return err
	}
	select {
	case r := <-returns:
		fmt.Printf("returned %s: %d %s\n", r.Body, r.ReplyCode, r.ReplyText)
		return nil
	default:
		return errors.New("confirmed, yet never returned")
	}
}

// await waits for the broker to take responsibility for one more message.
func await(confirmations <-chan amqp.Confirmation) error {
	select {
	case c, open := <-confirmations:
		if !open {
			return errors.New("the broker closed the channel")
		}
		if !c.Ack {
			return errors.New("the broker refused a message")
		}
		return nil
	case <-time.After(patience):
		return errors.New("no confirmation came")
	}
}
