// Receives the messages of the given severities from the direct exchange "direct_logs".
//
//	routing_subscriber COUNT SEVERITY...
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
	if len(os.Args) < 3 {
		log.Fatal("usage: routing_subscriber COUNT SEVERITY...")
	}
	count, _ := strconv.Atoi(os.Args[1])
	if err := subscribe(count, os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

func subscribe(count int, severities []string) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	if err := ch.ExchangeDeclare("direct_logs", "direct", true, false, false, false, nil); err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("", false, false, true, false, nil)
	if err != nil {
		return err
	}
	for _, severity := range severities {
		if err := ch.QueueBind(queue.Name, severity, "direct_logs", false, nil); err != nil {
			return err
		}
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
			fmt.Printf("received %s: %s\n", d.RoutingKey, d.Body)
		case <-time.After(patience):
			return errors.New("no message came")
		}
	}
	return nil
}
