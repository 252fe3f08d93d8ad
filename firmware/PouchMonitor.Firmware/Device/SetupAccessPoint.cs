using System;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using PouchMonitor.Firmware.Care;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// A node without valid settings opens an access point of its own, WPA2 with the password of its label, and serves one page
/// at http://192.168.4.1/. Whoever joins takes an address there by hand (192.168.4.2, mask 255.255.255.0): the runtime brings
/// no DHCP server. It closes when settings were saved or after half an hour, by a restart either way.
/// </summary>
public sealed class SetupAccessPoint
{
    private const string Address = "192.168.4.1";
    private const string Mask = "255.255.255.0";
    private const int Port = 80;
    private const int ReceiveTimeoutMilliseconds = 5000;
    private const int PollMicroseconds = 1000000;
    private const long OpenMicroseconds = 1800000000;

    private readonly Esp32Board board;
    private readonly SetupForm form;

    public SetupAccessPoint(Esp32Board board, SettingsStore settings)
    {
        this.board = board;
        form = new SetupForm(settings);
    }

    /// <summary>Runs until settings were saved or the time is over. <paramref name="fault"/>: why there are none.</summary>
    public void Run(string fault)
    {
        byte[] random = new byte[SetupKey.RandomBytes];
        new Random().NextBytes(random);
        string? key = SetupKey.Get(board.Files, random);
        if (key == null || !Open(key))
        {
            Debug.WriteLine("No settings (" + fault + ") and no access point: " + (key == null ? "the flash cannot be written" : "there is none"));
            Thread.Sleep(60000);
            return;
        }

        Debug.WriteLine("No settings (" + fault + "). Join access point " + Name() + " with password " + key
            + ", take address 192.168.4.2, and open http://" + Address + "/");
        Serve();
        Close();
    }

    private static string Name()
    {
        byte[] physical = NetworkInterface.GetAllNetworkInterfaces()[0].PhysicalAddress;
        return "pouchmonitor-" + physical[4].ToString("X2") + physical[5].ToString("X2");
    }

    private static bool Open(string key)
    {
        NetworkInterface? place = Find();
        if (place == null)
        {
            return false;
        }

        place.EnableStaticIPv4(Address, Mask, Address);
        WirelessAPConfiguration access = WirelessAPConfiguration.GetAllWirelessAPConfigurations()[place.SpecificConfigId];
        access.Options = WirelessAPConfiguration.ConfigurationOptions.Enable | WirelessAPConfiguration.ConfigurationOptions.AutoStart;
        access.Ssid = Name();
        access.Authentication = AuthenticationType.WPA2;
        access.Encryption = EncryptionType.WPA2_PSK;
        access.Password = key;
        access.MaxConnections = 1;
        access.SaveConfiguration();
        return true;
    }

    private static void Close()
    {
        NetworkInterface? place = Find();
        if (place != null)
        {
            WirelessAPConfiguration access = WirelessAPConfiguration.GetAllWirelessAPConfigurations()[place.SpecificConfigId];
            access.Options = WirelessAPConfiguration.ConfigurationOptions.Disable;
            access.SaveConfiguration();
        }
    }

    private static NetworkInterface? Find()
    {
        NetworkInterface[] all = NetworkInterface.GetAllNetworkInterfaces();
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].NetworkInterfaceType == NetworkInterfaceType.WirelessAP)
            {
                return all[i];
            }
        }

        return null;
    }

    private void Serve()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen(1);
        long until = board.Clock.UptimeMicroseconds + OpenMicroseconds;
        while (!form.IsDone && board.Clock.UptimeMicroseconds < until)
        {
            board.Pins.KickWatchdog();
            if (listener.Poll(PollMicroseconds, SelectMode.SelectRead))
            {
                Answer(listener.Accept());
            }
        }

        listener.Close();
    }

    private void Answer(Socket socket)
    {
        try
        {
            socket.ReceiveTimeout = ReceiveTimeoutMilliseconds;
            byte[] bytes = new byte[SetupForm.MaximumRequestBytes + 1];
            int count = 0;
            int length = -1;
            while (length != -2 && (length < 0 || count < length))
            {
                int got = count == bytes.Length ? 0 : socket.Receive(bytes, count, bytes.Length - count, SocketFlags.None);
                if (got <= 0)
                {
                    return;
                }

                count += got;
                length = SetupForm.LengthOf(Encoding.UTF8.GetString(bytes, 0, count));
            }

            if (length > 0)
            {
                socket.Send(Encoding.UTF8.GetBytes(form.Answer(Encoding.UTF8.GetString(bytes, 0, length))));
            }
        }
        catch (Exception)
        {
            // Whoever asked has gone, or was too slow; they ask again.
        }
        finally
        {
            socket.Close();
        }
    }
}
