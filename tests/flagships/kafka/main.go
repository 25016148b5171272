// A message through librdkafka: its own broker in this process, a producer, a consumer, compressed with zstd.
package main

import (
	"fmt"
	"log"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

func main() {
	cluster, err := kafka.NewMockCluster(1)
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	if err := cluster.CreateTopic("letters", 1, 1); err != nil {
		log.Fatal(err)
	}
	producer, err := kafka.NewProducer(&kafka.ConfigMap{
		"bootstrap.servers": cluster.BootstrapServers(), "compression.type": "zstd"})
	if err != nil {
		log.Fatal(err)
	}
	defer producer.Close()
	topic := "letters"
	delivered := make(chan kafka.Event, 1)
	if err := producer.Produce(&kafka.Message{TopicPartition: kafka.TopicPartition{Topic: &topic, Partition: 0},
		Value: []byte("hello, librdkafka")}, delivered); err != nil {
		log.Fatal(err)
	}
	if e := (<-delivered).(*kafka.Message); e.TopicPartition.Error != nil {
		log.Fatal(e.TopicPartition.Error)
	}
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": cluster.BootstrapServers(), "group.id": "g", "auto.offset.reset": "earliest"})
	if err != nil {
		log.Fatal(err)
	}
	defer consumer.Close()
	if err := consumer.Assign([]kafka.TopicPartition{{Topic: &topic, Partition: 0}}); err != nil {
		log.Fatal(err)
	}
	message, err := consumer.ReadMessage(30 * time.Second)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("received %q from %s\n", message.Value, *message.TopicPartition.Topic)
}
