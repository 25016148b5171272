// Packets written to a capture file by Go, and read by libpcap with a filter that libpcap compiles.
package main

import (
	"fmt"
	"log"
	"net"
	"os"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcap"
	"github.com/gopacket/gopacket/pcapgo"
)

func main() {
	file, err := os.Create("packets.pcap")
	if err != nil {
		log.Fatal(err)
	}
	writer := pcapgo.NewWriter(file)
	if err := writer.WriteFileHeader(65536, layers.LinkTypeEthernet); err != nil {
		log.Fatal(err)
	}
	for port := 1; port <= 100; port++ {
		ethernet := &layers.Ethernet{SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: net.HardwareAddr{2, 0, 0, 0, 0, 2},
			EthernetType: layers.EthernetTypeIPv4}
		ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP,
			SrcIP: net.IP{10, 0, 0, 1}, DstIP: net.IP{10, 0, 0, 2}}
		udp := &layers.UDP{SrcPort: 1000, DstPort: layers.UDPPort(port)}
		if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
			log.Fatal(err)
		}
		buffer := gopacket.NewSerializeBuffer()
		if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
			ethernet, ip, udp, gopacket.Payload("payload")); err != nil {
			log.Fatal(err)
		}
		data := buffer.Bytes()
		if err := writer.WritePacket(gopacket.CaptureInfo{CaptureLength: len(data), Length: len(data)}, data); err != nil {
			log.Fatal(err)
		}
	}
	file.Close()

	handle, err := pcap.OpenOffline("packets.pcap")
	if err != nil {
		log.Fatal(err)
	}
	defer handle.Close()
	if err := handle.SetBPFFilter("udp and dst portrange 20-29"); err != nil {
		log.Fatal(err)
	}
	packets := 0
	for range gopacket.NewPacketSource(handle, handle.LinkType()).Packets() {
		packets++
	}
	fmt.Println("packets that pass the filter:", packets)
	fmt.Println("wrong filter refused:", handle.SetBPFFilter("udp and and") != nil)
}
