using System;
using System.Device.Wifi;
using System.Threading;
using nanoFramework.Networking;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Device;

/// <summary>Brings Wi-Fi up once and lets the runtime keep it; starts the network time.</summary>
public static class NetworkKeeper
{
    private const int ConnectTimeoutMilliseconds = 30000;

    /// <summary>Tries for at most half a minute; false when there is no network yet. The default token would block for ever.</summary>
    public static bool Connect(NodeConfiguration configuration)
    {
        try
        {
            var timeout = new CancellationTokenSource(ConnectTimeoutMilliseconds);
            bool isUp = WifiNetworkHelper.ConnectDhcp(
                configuration.WifiName, configuration.WifiPassword, WifiReconnectionKind.Automatic, false, 0, timeout.Token);
            if (isUp && !Sntp.IsStarted)
            {
                Sntp.Start();
            }

            return isUp;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
